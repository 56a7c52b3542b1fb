"""The last words of a run as JSON, for whoever watches over the site: its form is told in docs/operate.md."""

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import orjson

from panfair.ontologies.errors import PublishError
from panfair.site.run.day import Day
from panfair.site.run.report import Report


def write_report(path: Path, report: Report, day: Day, sources: Iterable[str], status: int, error: str = "") -> None:
    """Puts the report into a file, whole or not at all. Raises PublishError when the file cannot be written.

    `status` is the exit status, `error` the line on standard error that goes with 2.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_bytes(
            orjson.dumps(_content(report, day, sources, status, error), option=orjson.OPT_INDENT_2) + b"\n"
        )
        fresh.replace(path)
    except OSError as refused:
        raise PublishError(
            f"the run has ended, but its report cannot be written to {path}: {refused.strerror}"
        ) from refused


def _content(report: Report, day: Day, sources: Iterable[str], status: int, error: str) -> dict[str, object]:
    return {
        "panfair": version("panfair"),
        "day": day.on.isoformat(),
        "moment": day.instant.isoformat(),
        "status": status,
        "error": error or None,
        "read": report.read,
        "released": report.released,
        "unchanged": report.unchanged,
        "held_back": report.notices.total() + report.withheld.total(),
        "withdrawn": report.withdrawn,
        "written": report.written,
        "deleted": report.deleted,
        "sources": {name: _of_source(report, name) for name in sources},
        "refused": report.refused,
        "would_show_closed": report.held,
        "notes": report.notes,
    }


def _of_source(report: Report, name: str) -> dict[str, object]:
    failed = [failure.reason for failure in report.failed if failure.source == name]
    return {
        "failed": failed[0] if failed else None,
        "held_back": dict(sorted(report.held_back_of.get(name, {}).items())),
        **report.outcomes.as_json(name),
    }
