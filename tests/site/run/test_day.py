"""Datestamps of OAI-PMH: whatever a source's clock says, none is later than the run that tells it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.site.run.harvesting import harvest
from panfair.site.run.judge import Day
from panfair.site.run.progress import Silence
from panfair.site.run.publish import build
from panfair.site.run.report import Report
from panfair.site.state.layout import LEDGER
from panfair.site.state.ledger import Ledger
from support.records import TODAY
from support.site_run import SiteRun, numbered

NOW = datetime.now(UTC).replace(microsecond=0)


def _publish(site: SiteRun) -> None:
    report, now = Report(), datetime.now(UTC).replace(microsecond=0)
    harvest(site.config, report, Silence())
    build(site.config, Day(now.date(), now, live=True), report, Silence())


def _stamps(site: SiteRun) -> dict[str, datetime]:
    ledger = Ledger.open(site.config.state / LEDGER)
    try:
        return {row.key: datetime.fromisoformat(row.datestamp) for row in ledger.rows("1", ())}
    finally:
        ledger.close()


@given(st.datetimes(datetime(1990, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC)))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_stamp_is_later_than_the_run_that_gives_it(tmp_path_factory, modified):
    site = SiteRun(tmp_path_factory.mktemp("stamps"))
    site.put(numbered(1, modified=modified), numbered(2))
    site.publish()
    assert all(stamp <= datetime.combine(TODAY, datetime.min.time(), UTC) for stamp in _stamps(site).values())


@pytest.mark.parametrize("corrected", [True, False])
def test_a_stamp_of_the_future_that_stands_is_given_anew(tmp_path, corrected):
    site = SiteRun(tmp_path)
    later = datetime(2135, 1, 1, tzinfo=UTC)
    site.put(numbered(1, modified=later), numbered(2))
    _publish(site)
    ledger = Ledger.open(site.config.state / LEDGER)  # as a version that took the source's word left it
    with ledger.connection:
        ledger.connection.execute("UPDATE record SET datestamp = ? WHERE key LIKE '%-1'", (later.isoformat(),))
        ledger.connection.commit()
    ledger.close()
    site.put(numbered(1, modified=NOW if corrected else later), numbered(2))
    _publish(site)
    stamps = _stamps(site)
    assert max(stamps.values()) < datetime.now(UTC) + timedelta(minutes=1)
    _publish(site)
    assert _stamps(site) == stamps
