"""builders/sitewide/hosting.py: whatever host carries the files, they arrive as the server would have sent them."""

import json
import os
import subprocess

import pytest

from panfair.builders.metadata.media_types import content_type
from panfair.builders.sitewide.hosting import S3_METADATA, ruled
from support.every_state import every_state
from support.house import ROOT
from support.site_run import SiteRun


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> SiteRun:
    return every_state(tmp_path_factory.mktemp("hosted"), "citation")


def test_every_file_gets_its_media_type_and_its_caching_by_the_rules(run):
    rules = json.loads((run.output / S3_METADATA).read_bytes())
    for path in run.files("www"):
        path = path.removeprefix("www/")
        rule = ruled(path, rules)
        assert rule["content_type"] == content_type(path.rpartition("/")[2]), path
        assert ("immutable" in rule["cache_control"]) is path.startswith("_panfair/"), path


def test_the_upload_script_hands_every_rule_to_aws_and_deletes_last(run, tmp_path):
    told = tmp_path / "told"
    fake = tmp_path / "aws"
    fake.write_text(f'#!/bin/sh\nfor word in "$@"; do printf "%s\\t" "$word" >>{told}; done; echo >>{told}\n')
    fake.chmod(0o755)
    command = [
        str(ROOT / "docs" / "s3-upload.sh"),
        str(run.output),
        "s3://bucket",
        "--endpoint-url",
        "https://s3.example",
    ]
    subprocess.run(command, check=True, env=os.environ | {"AWS": str(fake)}, timeout=60)
    calls = [line.rstrip("\t").split("\t") for line in told.read_text().splitlines()]
    rules = json.loads((run.output / S3_METADATA).read_bytes())
    assert len(calls) == len(rules) + 1 and all(call[-2:] == ["--endpoint-url", "https://s3.example"] for call in calls)
    for call, rule in zip(calls, rules, strict=False):
        assert call[call.index("--content-type") + 1] == rule["content_type"]
        assert [call[i + 1] for i, word in enumerate(call) if word == "--include"] == rule["include"]
    assert calls[-1][:3] == ["s3", "sync", "--delete"]


def test_github_pages_shows_what_begins_with_an_underscore(run):
    assert (run.output / "www" / ".nojekyll").read_bytes() == b""
