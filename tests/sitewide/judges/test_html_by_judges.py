"""html-validate and the Nu checker of the W3C have nothing to say of any page of a whole published site."""

import subprocess
from pathlib import Path

from support.judged import NODE, needed

# html-validate's settings: a table that scrolls is a region by its role, as the Nu checker wants a heading in every
# section; a list may have a label, as ARIA 1.2 allows; and the checkboxes of one filter share a name, under which the
# values chosen in it are sent.
HERE = Path(__file__).resolve().parent
# The policy says 'self', which nobody can tell of a file on a disk; and a block of JSON-LD is no script that runs.
_OF_A_DISK = r".*violates Content Security Policy \(meta tag\).*"


def test_html_validate_has_nothing_to_say(judged):
    node = needed("node", package="html-validate")
    settings = ["--config", str(HERE / "html-validate.json"), "--formatter", "text"]
    program = NODE / "html-validate" / "bin" / "html-validate.mjs"
    pages = [str(path) for path in judged.pages()]
    for start in range(0, len(pages), 500):
        command = [node, str(program), *settings, *pages[start : start + 500]]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.stdout + done.stderr == "" and done.returncode == 0, (done.stdout + done.stderr)[:4000]


def test_the_nu_checker_has_nothing_to_say(judged):
    java = needed("java", package="vnu-jar")
    jar = NODE / "vnu-jar" / "build" / "dist" / "vnu.jar"
    pages = [str(path) for path in judged.pages()]
    looks = [str(path) for ending in ("css", "svg") for path in sorted((judged.www / "_panfair").glob(f"*.{ending}"))]
    assert pages and looks
    for start in range(0, len(pages), 500):
        chosen = [*pages[start : start + 500], *(looks if start == 0 else [])]
        asked = ["--also-check-css", "--also-check-svg", "--filterpattern", _OF_A_DISK]
        command = [java, "-Xss8m", "-jar", str(jar), *asked]
        done = subprocess.run([*command, *chosen], capture_output=True, text=True)
        assert done.stdout + done.stderr == "", (done.stdout + done.stderr)[:4000]
