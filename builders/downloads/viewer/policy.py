"""What the viewer's page may do, and no other page: run WebAssembly, and read from the hosts of data files."""

from collections.abc import Iterable

from panfair.builders.downloads.viewer.bundle import PREFIX

ADDRESS = "/viewer/"


def viewer_policy(file_hosts: Iterable[str]) -> str:
    """The content security policy of the page and of its worker; a server adds `frame-ancestors`."""
    hosts = "".join(f" {host}" for host in file_hosts)
    return (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; "
        f"img-src 'self' data: blob:; connect-src 'self'{hosts}; form-action 'self'; base-uri 'none'"
    )


def is_viewers(path: str) -> bool:
    """Whether a path from the root is the viewer's page or one of its files: those have its policy."""
    return path in (ADDRESS, ADDRESS.rstrip("/"), f"{ADDRESS}index.html") or path.startswith(f"/{PREFIX}")
