"""A dataset says on its own page, and within its publication, what machines ask of every dataset."""

import json

import extruct
import pytest

from panfair.builders.html.renderer import Renderer
from panfair.builders.metadata.crosswalk import dataset_folders
from panfair.builders.pages.datasets import dataset_pages
from panfair.ontologies.record import File, Parameter, Rights
from support.format_cases import rendered
from support.judges.search_engines import faults
from support.records import PORTAL, a_dataset, a_publication, released

_CONFORMS = "http://purl.org/dc/terms/conformsTo"
_NXS = (File(name="a.nxs", url="https://data.example.org/a.nxs"),)
_LICENCE = (Rights(said="CC-BY-4.0", spdx="CC-BY-4.0", url="https://creativecommons.org/licenses/by/4.0/"),)


def _told(**changes):
    return json.loads(rendered(released(a_publication(**changes)), "metadata.jsonld"))


def _with(*values, name="energy", unit="keV"):
    return tuple(
        a_dataset(id=f"{n}", name=f"scan {n}", parameters=(Parameter(name=name, value=value, unit=unit),))
        for n, value in enumerate(values)
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((12.4, 12.4), {"value": 12.4}),
        ((12.4, 7, 21.5), {"minValue": 7, "maxValue": 21.5}),
        (("fast", "slow"), {}),
        ((12.4, "unknown"), {}),
    ],
)
def test_what_all_datasets_measured_stands_at_the_top_once(values, said):
    top = _told(parameters=(), datasets=_with(*values))["variableMeasured"]
    assert (top["name"], top["unitText"]) == ("energy", "keV")
    assert {name: top[name] for name in ("value", "minValue", "maxValue") if name in top} == said


def test_a_value_of_the_publication_is_not_told_again_for_its_datasets():
    top = _told(parameters=(Parameter(name="energy", value=5, unit="keV"),), datasets=_with(12.4, 7))
    assert top["variableMeasured"]["value"] == 5


@pytest.mark.parametrize(
    ("definition", "nx_class"), [("NXtomo", "NXtomo"), ("NXdetector", "NXroot"), ("tomography", "NXroot")]
)
def test_a_nexus_file_conforms_to_the_definition_that_is_said_else_to_the_root(definition, nx_class):
    said = (Parameter(name="entry.definition", value=definition),)
    told = _told(datasets=(a_dataset(files=_NXS, parameters=said),))
    addresses = [one["@id"] for one in told[_CONFORMS]]
    assert addresses == ["https://www.nexusformat.org/", f"http://purl.org/nexusformat/definitions/{nx_class}"]
    assert told["distribution"][_CONFORMS] == told[_CONFORMS]


def test_a_nested_dataset_names_licence_and_creators():
    told = _told(rights=_LICENCE)
    part, creators = told["hasPart"], told["creator"]
    creators = creators if isinstance(creators, list) else [creators]
    named = part["creator"] if isinstance(part["creator"], list) else [part["creator"]]
    assert part["license"] == _LICENCE[0].url and [one["@id"] for one in named] == [one["@id"] for one in creators]


def test_a_nested_dataset_with_a_licence_of_its_own_has_that_one():
    own = (Rights(said="CC0", spdx="CC0-1.0", url="https://creativecommons.org/publicdomain/zero/1.0/"),)
    assert _told(rights=_LICENCE, datasets=(a_dataset(rights=own),))["hasPart"]["license"] == own[0].url


def test_a_datasets_page_describes_it_for_who_reads_nothing_else():
    one = released(a_publication(rights=_LICENCE))
    names = {d.id: f for d, f in zip(one.publication.datasets, dataset_folders(one.publication), strict=True)}
    page = dataset_pages(one, Renderer(PORTAL), names, [])[0].body.decode()
    (told,) = extruct.extract(page, base_url=PORTAL.base_url, syntaxes=["json-ld"])["json-ld"]
    assert faults(told) == []
    terms = {"creator", "license", "publisher", "distribution", "variableMeasured", "measurementTechnique"}
    terms |= {"temporalCoverage", "isPartOf", "includedInDataCatalog", "datePublished", "conditionsOfAccess"}
    assert terms <= told.keys(), terms - told.keys()
    assert told["@id"].startswith(PORTAL.landing(one.doi)) and told["isPartOf"]["@id"] == one.doi.url
