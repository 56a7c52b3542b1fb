"""Where the shelves of a listing have their pages: one folder for each kind, one page for each shelf."""

from panfair.builders.card import GroupKind, Shelf

FOLDERS: dict[GroupKind, str] = {
    "technique": "techniques",
    "instrument": "instruments",
    "year": "years",
    "person": "people",
    "facility": "facilities",
}


def address_of(shelf: Shelf) -> str:
    """The address of a shelf's page from the root: `/techniques/panet01129/`."""
    return f"/{FOLDERS[shelf.kind]}/{shelf.slug}/"
