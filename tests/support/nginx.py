"""An nginx with the configuration of docs/ for the files of a run."""

import os
import shutil
import subprocess
import time
from contextlib import contextmanager

import pytest

from support.serving import a_free_port, ask
from support.site_run import SiteRun


def program() -> str:
    found = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", ""))
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("nginx is not installed")
        pytest.skip("nginx is not installed")
    return found


def filled(text: str, *pairs: tuple[str, str]) -> str:
    for placeholder, value in pairs:
        assert placeholder in text
        text = text.replace(placeholder, value)
    return text


@contextmanager
def nginx(text: str, run: SiteRun, tmp_path_factory):
    """The address of an nginx with this configuration for the files of a run."""
    folder, port = tmp_path_factory.mktemp("nginx"), a_free_port()
    text = filled(
        text,
        ("/srv/panfair/output/www", str(run.output / "www")),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("listen [::]:80;", ""),
        ("/var/log/nginx/panfair.log", str(folder / "access.log")),
    )
    (folder / "panfair.conf").write_text(text)
    main = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = " ".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main.write_text(
        f"{user} daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ {temporary} include {folder}/panfair.conf; }}\n"
    )
    command = [program(), "-p", str(folder), "-c", str(main)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                ask(base, "/robots.txt")
                break
            except ConnectionRefusedError:
                assert process.poll() is None, process.stderr and process.stderr.read()
                time.sleep(0.02)
        yield base
    finally:
        process.terminate()
        process.communicate(timeout=10)
