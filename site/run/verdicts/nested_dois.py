"""DOIs whose page would lie below another DOI's page."""

from panfair.site.state.ledger import Ledger


def clash_of(key: str, ledger: Ledger) -> str | None:
    """Why a DOI's page cannot lie below another DOI's page, or None; such DOIs are rare and must not overwrite."""
    parts = key.split("/")
    for end in range(2, len(parts)):
        parent = "/".join(parts[:end])
        if ledger.row(parent) is not None and (parts[end] == "datasets" or "." in parts[end]):
            return f"its page would lie among the files of {parent}"
    return None
