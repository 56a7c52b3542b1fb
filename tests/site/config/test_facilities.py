"""[[facility]]: several facilities in one portal, each with its names, licence and policy line; mistakes are told."""

import pytest

from panfair.harvesters.reading.names import agent_of
from panfair.ontologies.errors import ConfigError
from panfair.ontologies.record import Agent, Facility
from panfair.site.config.facilities import FacilityTable, with_bodies
from panfair.site.config.settings import read_config
from support.records import a_publication
from support.site_run import SiteRun, numbered

_TWO = """\
[[facility]]
name = "EPS"
full_name = "Example Photon Source"
ror = "https://ror.org/02550n020"
url = "https://www.example.org"
licence = "CC-BY-4.0"
policy = "Data of the EPS are open three years after the experiment."
policy_url = "https://www.example.org/policy"

[[facility]]
name = "ENS"
full_name = "Example Neutron Source"
policy = "Data of the ENS are open at once."

[[source]]
name = "photons"
kind = "records"
path = "photons.jsonl"
facility = "EPS"

[[source]]
name = "neutrons"
kind = "records"
path = "neutrons.jsonl"
licence = "CC0-1.0"
"""


def _site(folder) -> SiteRun:
    site = SiteRun(folder, sources=(), tables=_TWO)
    site.put(numbered(1, facility=Facility(name="Example Photon Source")), source="photons")
    site.put(numbered(2, facility=Facility(name="ens")), numbered(3, facility=None), source="neutrons")
    return site


def test_each_record_shows_its_facilitys_names_and_policy_and_no_other(tmp_path):
    site = _site(tmp_path)
    assert site.publish().released == 3
    photons, neutrons, neither = (site.page(numbered(n)).decode() for n in (1, 2, 3))
    assert "https://www.example.org/policy" in photons and "three years after" in photons
    assert "open at once" in neutrons and "three years after" not in neutrons
    assert "open at once" not in neither and "three years after" not in neither
    assert (site.output / "www/facilities/example-photon-source/index.html").is_file()
    assert (site.output / "www/facilities/example-neutron-source/index.html").is_file()
    assert b"02550n020" in (site.output / "www/doi/10.99999/example-1/datacite.xml").read_bytes()


def test_a_facilitys_licence_is_that_of_its_sources_unless_they_say_their_own(tmp_path):
    photons, neutrons = _site(tmp_path).config.sources
    assert photons.licence == "CC-BY-4.0" and neutrons.licence == "CC0-1.0"


def test_a_policy_that_changes_is_on_the_pages_of_the_next_run(tmp_path):
    site = _site(tmp_path)
    site.publish()
    site.path.write_text(site.path.read_text().replace("open at once", "open tomorrow"))
    site.publish()
    assert "open tomorrow" in site.page(numbered(2)).decode()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('name = "ENS"', 'name = "EPS"', r"another \[\[facility\]\] has this name"),
        ("02550n020", "02550n021", "must be a ROR id"),
        ('policy_url = "https', 'policy_uri = "https', "policy_url"),
        ("[[facility]]", "[facility]", "write facilities as|TOML"),
    ],
)
def test_a_mistake_in_a_facilitys_table_is_told_by_its_name(tmp_path, old, new, why):
    site = SiteRun(tmp_path, sources=(), tables=_TWO.replace(old, new))
    with pytest.raises(ConfigError, match=why):
        read_config(site.path)


@pytest.mark.parametrize("said", ["Lund Bio", "Ana Maria", "Diamond Light", "Bio Lund"])
def test_a_name_of_publisher_or_facility_is_never_taken_for_a_person(said):
    agent, orcid = agent_of(said), "0000-0002-1825-0097"
    assert agent.kind == "person" and agent.family_name  # read by itself, it is one
    tables = [FacilityTable(name="LB", full_name="Lund Bio"), FacilityTable(name="AM", full_name="Ana Maria")]
    record = a_publication(
        creators=(agent, agent.model_copy(update={"orcid": orcid})), contributors=(agent,),
        publisher=Agent(name="Diamond Light", kind="organisation"),
    )  # fmt: skip
    found = with_bodies(record, tables)
    for body in (found.creators[0], found.contributors[0]):
        assert (body.kind, body.family_name, body.given_name) == ("organisation", None, None)
        assert body.name in {"Lund Bio", "Ana Maria", "Diamond Light"}
    assert found.creators[1].kind == "person"


def test_a_facility_of_the_record_itself_is_no_person_and_others_stay(tmp_path):
    people = (agent_of("Lund Bio"), agent_of("Anna Schmidt"))
    found = with_bodies(a_publication(creators=people, facility=Facility(name="Lund Bio")), ())
    assert [agent.kind for agent in found.creators] == ["organisation", "person"]
