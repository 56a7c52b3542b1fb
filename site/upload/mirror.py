"""What a run does about the object store: brings it up to date after each of its two commits."""

from collections.abc import Callable

from panfair.ontologies.errors import UploadError
from panfair.site.config.settings import Config
from panfair.site.run.report import Report
from panfair.site.upload.upload import upload


def mirror_of(config: Config, report: Report) -> Callable[[], None]:
    """What a run calls when what stands in output/ has changed. A store that fails costs a line, and no run."""
    to = config.publish.to
    if to is None or config.preview:
        return lambda: None

    def bring() -> None:
        # The second time what the first could not do is done, or is said anew.
        report.failed[:] = [failure for failure in report.failed if failure.source != to]
        try:
            done = upload(config)
        except UploadError as error:
            report.fail(to, f"{error}; the next run, or `panfair upload`, finishes it")
            return
        if done.refused:
            report.fail(to, f"{len(done.refused)} files were refused: {'; '.join(done.refused[:3])}")
        if done.written or done.deleted:
            report.notes.append(f"{to}: {done.written} objects written, {done.deleted} deleted")

    return bring
