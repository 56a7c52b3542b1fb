"""The instruments that somebody looks after, with their sessions counted by what they are to the public."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from panfair.builders.html.grid import Cell, Column, Grid, grid
from panfair.builders.html.language import tr
from panfair.builders.html.words import number
from panfair.site.catalogue.store.query import InvestigationQuery, Page, SessionState
from panfair.site.catalogue.store.read import View
from panfair.site.catalogue.store.rows import Instrument

_NONE = Page(limit=0)


def instrument_grid(view: View, states: Sequence[tuple[SessionState, str]]) -> Grid:
    """One row an instrument; each count leads to its sessions. `states`: names with headings."""
    columns = (Column(tr("Instrument")), *(Column(tr(title), number=True) for _, title in states))
    return grid(tr("List of instruments"), columns, (tuple(_row(view, one, states)) for one in view.looked_after()))


def _row(view: View, one: Instrument, states: Sequence[tuple[SessionState, str]]) -> Iterator[Cell]:
    yield Cell(one.full_name or one.name, address=f"/my?{urlencode({'instrument': one.name})}")
    for state, _ in states:
        _, count = view.investigations(InvestigationQuery(mine=True, state=state, instrument=one.name), _NONE)
        yield Cell(number(count), address=f"/my?{urlencode({'instrument': one.name, 'state': state})}" if count else "")
