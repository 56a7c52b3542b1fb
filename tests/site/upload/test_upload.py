"""Tests of the site on an object store: what stands there is what stands here, whatever was killed in between."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from panfair.ontologies.errors import UploadError
from panfair.ontologies.record import Withdrawal
from panfair.site.config.settings import read_config
from panfair.site.run.day import day_of
from panfair.site.run.harvesting import harvest
from panfair.site.run.progress import Silence
from panfair.site.run.publish import build
from panfair.site.run.report import Report
from panfair.site.upload.mirror import mirror_of
from panfair.site.upload.objects import Objects
from panfair.site.upload.upload import POINTER, upload
from support.records import TODAY
from support.servers.object_store import BUCKET, client_of, held, object_store
from support.site_run import SiteRun, numbered

CLOSED = "Quokkasalt"


@pytest.fixture(scope="module")
def store():
    with object_store() as address:
        yield address


@pytest.fixture
def run(store, tmp_path, request):
    """A site whose runs go below a prefix of its own."""
    run = SiteRun(tmp_path)
    prefix = f"p{abs(hash(request.node.name))}"
    table = f'[search]\nstatic = false\n[publish]\nto = "s3://{BUCKET}/{prefix}"\nendpoint = "{store}"\n'
    run.path.write_text(run.path.read_text() + table)
    run.prefix = prefix
    return run


def publish(run, on=TODAY):
    config, report = read_config(run.path), Report()
    harvest(config, report, Silence())
    build(config, day_of(on), report, Silence(), accept_shrink=True, mirror=mirror_of(config, report))
    return report


def there(run):
    """The site's objects by their path below www/."""
    found = {key.removeprefix(f"{run.prefix}/"): body for key, body in held(f"{run.prefix}/").items()}
    return {path: body for path, body in found.items() if not path.startswith("panfair-state/")}


def here(run):
    return {path.removeprefix("www/"): body for path, body in run.files().items() if path.startswith("www/")}


def counting(monkeypatch):
    calls = []
    for name in ("write", "delete", "replace", "read"):
        method = getattr(Objects, name)

        def counted(self, *given, _name=name, _method=method, **more):
            calls.append((_name, given[0]))
            return _method(self, *given, **more)

        monkeypatch.setattr(Objects, name, counted)
    return calls


def test_the_store_holds_the_site_with_media_types_and_a_run_without_changes_writes_nothing(run, store, monkeypatch):
    run.put(numbered(1), numbered(2))
    assert publish(run).all_well
    assert there(run) == here(run)
    landing = next(path for path in here(run) if path.startswith("doi/") and path.endswith("datacite.json"))
    head = client_of(store).head_object(Bucket=BUCKET, Key=f"{run.prefix}/{landing}")
    assert head["ContentType"] == "application/vnd.datacite.datacite+json" and head["CacheControl"] == "no-cache"
    calls = counting(monkeypatch)
    publish(run)
    assert {name for name, _ in calls} == {"read"} and len(calls) <= 4


def test_what_closes_or_is_withdrawn_leaves_the_store_and_what_opens_comes(run, store):
    run.put(numbered(1, title=f"{CLOSED} drains"), numbered(2), numbered(3))
    publish(run)
    assert any(CLOSED.encode() in body for body in there(run).values())
    run.put(
        numbered(1, title=f"{CLOSED} drains", release_date=TODAY + timedelta(days=90)),
        numbered(2, withdrawal=Withdrawal(on=TODAY, reason="Wrong sample")),
        numbered(3),
        numbered(4),
    )
    publish(run)
    assert there(run) == here(run)
    assert not any(CLOSED.encode() in body for body in there(run).values())


def test_a_second_commit_that_fails_leaves_the_closings_in_the_store(run, store, monkeypatch):
    run.put(numbered(1, title=f"{CLOSED} drains"), numbered(2))
    publish(run)
    run.put(numbered(1, title=f"{CLOSED} drains", release_date=TODAY + timedelta(days=90)), numbered(2), numbered(3))

    def fail(*given):
        raise KeyboardInterrupt

    monkeypatch.setattr("panfair.site.run.publish._open_and_change", fail)
    with pytest.raises(KeyboardInterrupt):
        publish(run)
    assert not any(CLOSED.encode() in body for body in there(run).values())


@pytest.mark.parametrize("kill", [1, 30])
def test_an_upload_killed_at_any_request_is_finished_by_the_next_run_though_the_site_changed_again(
    run, store, monkeypatch, kill
):
    run.put(numbered(1), numbered(2, title=f"{CLOSED} drains"))
    publish(run)
    run.put(numbered(1, title="Another title"), numbered(2, title=f"{CLOSED} drains on"), numbered(3))
    left = [kill]

    def killed(method):
        def request(self, *given, **more):
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return method(self, *given, **more)

        return request

    with monkeypatch.context() as patch:
        for name in ("write", "delete", "replace"):
            patch.setattr(Objects, name, killed(getattr(Objects, name)))
        with pytest.raises(KeyboardInterrupt):
            publish(run)
    run.put(numbered(1), numbered(2, title=f"{CLOSED} drains", release_date=TODAY + timedelta(days=90)))
    publish(run)
    assert there(run) == here(run)
    assert not any(CLOSED.encode() in body for body in there(run).values())


def test_a_store_that_does_not_answer_costs_a_line_and_the_next_run_sends_all(run, store, monkeypatch):
    run.put(numbered(1))
    with monkeypatch.context() as patch:

        def refuse(self, *given, **more):
            raise UploadError("made-up: the store refused or did not answer (503)")

        patch.setattr(Objects, "read", refuse)
        report = publish(run)
    assert not report.all_well and "panfair upload" in str(report.failed[0]) and len(report.failed) == 1
    assert publish(run).all_well and there(run) == here(run)


def test_a_store_that_takes_no_new_object_still_loses_what_closed_and_what_names_it(run, store, monkeypatch):
    run.put(numbered(1, title=f"{CLOSED} drains"), numbered(2))
    publish(run)
    run.put(numbered(1, title=f"{CLOSED} drains", release_date=TODAY + timedelta(days=90)), numbered(2))
    with monkeypatch.context() as patch:

        def full(self, *given, **more):
            raise UploadError("made-up: the store refused or did not answer (QuotaExceeded)")

        patch.setattr(Objects, "replace", full)
        patch.setattr(Objects, "write", full)
        assert not publish(run).all_well
    assert not any(CLOSED.encode() in body for body in there(run).values())
    assert publish(run).all_well and there(run) == here(run)


def test_of_two_uploads_at_once_one_stops(run, store, monkeypatch):
    run.put(numbered(1))
    publish(run)
    run.put(numbered(1, title="Another title"))
    replace, first = Objects.replace, [True]

    def interfere(self, path, body, tag):
        if path == POINTER and first.pop() if first else False:
            client_of(store).put_object(Bucket=BUCKET, Key=f"{run.prefix}/{POINTER}", Body=b"{}")
        return replace(self, path, body, tag)

    monkeypatch.setattr(Objects, "replace", interfere)
    report = publish(run)
    assert "another upload is at work" in " ".join(map(str, report.failed)) or there(run) == here(run)


def test_a_bucket_that_holds_other_things_is_not_touched_until_it_is_said_so(run, store):
    client_of(store).put_object(Bucket=BUCKET, Key=f"{run.prefix}/holiday.jpg", Body=b"x")
    run.put(numbered(1))
    report = publish(run)
    assert "nothing that says they are of this site" in str(report.failed[0])
    assert there(run) == {"holiday.jpg": b"x"}
    upload(read_config(run.path), everything=True)
    assert there(run) == here(run)


@pytest.mark.parametrize("damage", [b"{", b'{"stands":"0123"}'])
def test_a_damaged_pointer_stops_the_upload_and_all_sends_everything_anew(run, store, damage):
    run.put(numbered(1))
    publish(run)
    client_of(store).put_object(Bucket=BUCKET, Key=f"{run.prefix}/{POINTER}", Body=damage)
    client_of(store).put_object(Bucket=BUCKET, Key=f"{run.prefix}/stale.html", Body=CLOSED.encode())
    run.put(numbered(1, title="Another title"))
    assert "panfair upload --all" in str(publish(run).failed[0])
    upload(read_config(run.path), everything=True)
    assert there(run) == here(run)


def test_a_store_without_batches_and_one_that_refuses_a_name_are_lived_with(run, store, monkeypatch):
    run.put(numbered(1), numbered(2))
    publish(run)
    refused = ClientError({"Error": {"Code": "NotImplemented"}}, "DeleteObjects")
    write = Objects.write

    def choosy(self, path, file, headers):
        if "example-3" in path and path.endswith("datacite.json"):
            raise UploadError(f"{path}: the store refused or did not answer (XMinioInvalidObjectName)")
        write(self, path, file, headers)

    monkeypatch.setattr(Objects, "_deleted_at_once", lambda self, paths: _refuse(refused, self))
    monkeypatch.setattr(Objects, "write", choosy)
    run.put(numbered(1), numbered(3))
    report = publish(run)
    assert "1 files were refused" in str(report.failed[0])
    missing = set(here(run)) - set(there(run))
    assert [path.rpartition("/")[2] for path in missing] == ["datacite.json"]
    monkeypatch.setattr(Objects, "write", write)
    assert publish(run).all_well and there(run) == here(run)


def _refuse(error, store):
    store._batches = False
    return False
