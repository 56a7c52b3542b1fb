"""An addition is matched with one record of the other source's last whole harvest, or with none."""

import pytest

from panfair.harvesters import AddingOptions
from panfair.ontologies.identifiers import Doi
from panfair.site.run.harvesting import harvest
from panfair.site.run.progress import Silence
from panfair.site.run.report import Report
from panfair.site.state.matching import Sessions
from support.ispyb.adding import an_addition
from support.site_run import SiteRun, numbered


@pytest.fixture
def sessions(tmp_path) -> Sessions:
    site = SiteRun(tmp_path)
    site.put(
        numbered(1, session="1", catalogue_id=501),
        numbered(2, session="2", doi=Doi.parse("10.99999/Example-2")),
        numbered(3, session="3"),
        numbered(4, session="3"),
        numbered(5, session="5", kind="collection"),
    )
    harvest(site.config, Report(), Silence())
    return Sessions(site.config, AddingOptions(name="second", kind="second", adds_to="made-up"))


@pytest.mark.parametrize(
    ("addition", "key"),
    [
        ({"catalogue_id": 501, "proposal": None, "session": None}, "10.99999/example-1"),
        ({"session": "2"}, "10.99999/example-2"),
        ({"session": "1", "catalogue_id": 502}, ""),
        ({"session": "3"}, ""),
        ({"session": "5"}, ""),
        ({"proposal": None, "session": None}, ""),
    ],
)
def test_an_addition_belongs_to_the_one_record_of_its_session(sessions, addition, key):
    notes = []
    assert sessions.key_of(an_addition(**addition), notes.append) == key
    assert len(notes) == (addition == {"session": "3"})
