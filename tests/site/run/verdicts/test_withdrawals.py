"""A withdrawal that a catalogue tells of a DOI which this site never held gets its tombstone, and keeps it."""

from datetime import date

import orjson

from panfair.harvesters import Withdrawn, records
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Withdrawal
from support.records import a_publication
from support.site_run import SiteRun

_GONE = Doi.parse("10.99999/GONE-BEFORE")


def test_a_withdrawal_of_what_was_never_held_gets_a_tombstone_that_stays(tmp_path, monkeypatch):
    real = records.harvest

    def telling(options, context):
        yield from real(options, context)
        yield Withdrawn(_GONE.key, Withdrawal(on=date(2025, 3, 1), reason="Mislabelled."))

    monkeypatch.setattr(records, "harvest", telling)
    run = SiteRun(tmp_path)
    run.put(a_publication())
    assert run.publish().withdrawn == 1
    path = run.output / "www/doi" / _GONE.path / "index.html"
    page = path.read_text(encoding="utf-8")
    assert "Mislabelled." in page and "1 March 2025" in page
    assert _GONE.page in orjson.loads((run.output / "tombstones.json").read_bytes())
    monkeypatch.setattr(records, "harvest", real)
    again = run.publish()
    assert again.withdrawn == 0 and path.read_text(encoding="utf-8") == page
