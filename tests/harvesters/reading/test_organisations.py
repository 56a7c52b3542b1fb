"""Names of organisations stay whole, and what people write around their own name becomes what it means."""

import json
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.harvesters.reading.additions import apart, in_small_letters
from panfair.harvesters.reading.organisations import affiliation, is_organisation
from panfair.harvesters.reading.people import Accounts, people
from panfair.harvesters.reading.values import ror_of


def _agents(*texts: str):
    return people(texts, Accounts(), lambda text: None).agents


def test_a_kept_ror_id_is_well_formed_and_of_a_kept_name():
    kept = tomllib.loads(files("panfair.ontologies").joinpath("vocabularies/organisations.toml").read_text())
    for name, ror in kept["ror"].items():
        assert is_organisation(name) and affiliation(name).ror == ror == ror_of(f"https://ror.org/{ror}")


def test_the_sources_own_ror_id_counts_and_a_department_gets_none():
    assert affiliation("ESRF", "05etxs293").ror == "05etxs293"
    assert affiliation("Department of Optics, ESRF").ror is None
    (agent,) = _agents("Helmholtz-Zentrum Berlin")
    assert (agent.kind, agent.ror) == ("organisation", "02aj13c28")


def test_each_organisation_handed_to_us_is_one_organisation(shared):
    documents = json.loads((shared / "cases/02-organisations/PublishedData.json").read_text())
    for document in documents:
        agents = _agents(*document["creator"])
        if document["creator"][0].startswith("Anna Schmidt"):
            assert [(one.name, one.kind) for one in agents] == [
                ("Anna Schmidt", "person"),
                ("ISIS Neutron and Muon Source", "organisation"),
            ]
        else:
            assert [(one.name, one.kind) for one in agents] == [(document["creator"][0], "organisation")]


def test_each_name_with_additions_handed_to_us_is_the_same_person(shared):
    documents = json.loads((shared / "cases/17-name-additions/PublishedData.json").read_text())
    found = [agent for document in documents for agent in _agents(*document["creator"])]
    assert [one.name for one in found] == ["Anna Schmidt"] * 2 + ["Hans Meier"] + ["Anna Schmidt"] * 6
    assert {one.family_name for one in found} == {"Schmidt", "Meier"} and {one.kind for one in found} == {"person"}
    assert [one.orcid for one in found if one.orcid] == ["0000-0002-1825-0097"] * 2
    assert [one.affiliations[0].name for one in found if one.affiliations] == ["ESRF", "ESRF, Grenoble, France"]


@pytest.mark.parametrize(
    "name",
    [
        "DESY Hamburg", "KIT", "Karlsruhe Institute of Technology (KIT)",
        "University of Example, Department of Physics",
        "Helmholtz-Zentrum Berlin für Materialien und Energie", "NIST Center for Neutron Research", "MAX IV Laboratory",
        "Science and Technology Facilities Council", "Budapest Neutron Centre", "ALBA Synchrotron", "J-PARC", "MIT",
        "TU Wien", "KU Leuven", "École Normale Supérieure", "Chalmers Tekniska Högskola", "Max-Planck-Gesellschaft",
        "Hi'Beam", "Example Materials GmbH", "The Made-up Collaboration", "SLAC National Accelerator Laboratory",
    ],
)  # fmt: skip
def test_an_organisation_is_never_cut_into_persons(name):
    assert [(one.name, one.kind, one.family_name) for one in _agents(name)] == [(name, "organisation", None)]


@pytest.mark.parametrize(
    "name",
    ["Anna Bureau", "Sophie Laborde", "Ada Archer", "Nicolas Bourbaki", "Kim Inckmann", "Ada Teamer", "Eva Groupe"],
)
def test_a_family_name_that_resembles_such_a_word_stays_a_persons(name):
    assert not is_organisation(name)
    assert [one.kind for one in _agents(name)] == ["person"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Anna Schmidt1,2", "Anna Schmidt"), ("Anna Schmidt*†", "Anna Schmidt"), ("Lee, J., PhD", "J. Lee"),
        ("Dipl.-Ing. Eva Muster", "Eva Muster"), ("PD Dr. rer. nat. Eva Muster", "Eva Muster"), ("Mr. Li", "Li"),
        ("MARIA DE LA CRUZ", "Maria de la Cruz"), ("J. SMITH", "J. Smith"), ("Drago Ilic", "Drago Ilic"),
        ("Ingrid Ms", "Ingrid Ms"), ("Profumo, Eva", "Eva Profumo"),
    ],
)  # fmt: skip
def test_titles_degrees_and_marks_are_no_part_of_a_name(said, name):
    assert [one.name for one in _agents(said)] == [name]


@given(st.text(max_size=60))
def test_any_text_can_be_taken_apart_and_twice_is_as_once(text):
    once = apart(text).name
    assert apart(once).name == once or apart(once).orcid
    in_small_letters(text)
    is_organisation(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Open Data Service", "unknown"),
        ("Beam 7 Time", "unknown"),
        ("Nova Research", "organisation"),
        ("Users of BL1", "organisation"),
        ("Anna Maria Xyz Schmidt", "person"),
        ("Anna Schmidt", "person"),
    ],
)
def test_of_a_name_in_doubt_nothing_is_said(text, kind):
    (agent,) = _agents(text)
    assert (agent.name, agent.kind) == (text, kind)
    assert kind == "person" or not agent.family_name
