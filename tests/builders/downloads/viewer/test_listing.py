"""The viewer opens what a dataset of this site lists, on hosts that its policy names, and nothing else."""

from dataclasses import replace

import orjson

from panfair.builders.downloads.placed import placed
from panfair.builders.downloads.viewer.listing import listing, openable
from panfair.builders.downloads.viewer.policy import is_viewers, viewer_policy
from panfair.ontologies.record import File
from support.records import PORTAL

HERE = replace(PORTAL, base_url="https://data.example.org", file_hosts=("https://files.example.org:8443",))
FILES = placed(
    [
        (
            "",
            (
                File(name="notes.txt", url="https://data.example.org/doi/x/notes.txt"),
                File(name="master.h5", url="https://data.example.org/doi/x/master.h5", size_bytes=10),
                File(name="part.bin", url="https://files.example.org:8443/part.bin", media_type="application/x-hdf5"),
                File(name="other.h5", url="https://elsewhere.example.net/other.h5"),
                File(name="near.h5", url="https://data.example.org.evil.example/near.h5"),
                File(name="nowhere.h5"),
            ),
        )
    ]
)


def test_only_files_on_hosts_that_the_policy_names_are_listed():
    told = orjson.loads(listing(FILES, "scan", "A title", HERE))
    assert [(one["name"], one["address"], one["size"]) for one in told["files"]] == [
        ("notes.txt", "/doi/x/notes.txt", None),
        ("master.h5", "/doi/x/master.h5", 10),
        ("part.bin", "https://files.example.org:8443/part.bin", None),
    ]
    assert told["shown"] == [1, 2]
    assert [one.address for one in openable(FILES, "/doi/x/datasets/a/", HERE)] == [
        "/viewer/?dataset=/doi/x/datasets/a/&file=1",
        "/viewer/?dataset=/doi/x/datasets/a/&file=2",
    ]


def test_a_dataset_without_hdf5_within_reach_has_no_list():
    assert listing(FILES[:1] + FILES[3:], "scan", "A title", HERE) is None
    assert openable(FILES[3:], "/doi/x/datasets/a/", HERE) == ()


def test_the_policy_lets_web_assembly_run_and_the_named_hosts_be_read():
    policy = viewer_policy(HERE.file_hosts)
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy and "'unsafe-" not in policy
    assert "connect-src 'self' https://files.example.org:8443;" in policy and "*" not in policy


def test_no_other_page_has_the_viewers_policy():
    assert all(map(is_viewers, ("/viewer/", "/viewer", "/viewer/index.html", "/_panfair/viewer-0123abcd/worker.js")))
    assert not any(map(is_viewers, ("/", "/viewers/", "/doi/viewer/", "/_panfair/viewer.css", "/viewer/other/")))
