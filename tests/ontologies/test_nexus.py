"""Parameters are tied to NeXus fields that exist, and our tables say what their sources say."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.ontologies import nexus, nexus_tables, techniques, units


def _nxdl() -> Path:
    import nexusformat

    return Path(nexusformat.__file__).parent / "definitions" / "base_classes"


def test_the_table_of_fields_is_what_the_definitions_say():
    assert nexus_tables.fields_table(_nxdl()) == nexus_tables.FIELDS.read_bytes()


def test_the_table_of_parameters_is_what_esrfs_package_says():
    assert nexus_tables.icat_table() == nexus_tables.ICAT.read_bytes()


def test_all_1261_parameters_of_the_esrf_are_known_and_old_names_lead_to_new_ones():
    from icat_esrf_definitions.models import IcatDatasetParameters

    fields = IcatDatasetParameters.icat_fields()
    assert len(fields) == 1261
    for name, theirs in fields.items():
        ours = nexus.icat_parameter(name)
        assert ours.name == (theirs.new_icat_name or name)
        if theirs.nexus_url and not theirs.new_icat_name:
            assert nexus.field_of(name).manual == theirs.nexus_url, name


def test_every_unit_of_the_esrfs_parameters_is_understood():
    units_said = {parameter.unit for parameter in nexus._icat().values() if parameter.unit}
    assert len(units_said) > 25
    assert [unit for unit in units_said if units.interpret(unit) is None] == []


def test_every_name_that_a_quantity_has_leads_to_its_field():
    rows = tomllib.loads((nexus.VOCABULARIES / "quantities.toml").read_text())["quantity"]
    named = [(name, row["nexus"]) for row in rows if row.get("nexus") for name in row["names"]]
    assert len(named) > 15
    for name, titles in named:
        if nexus.icat_parameter(name) is None:
            assert nexus.field_of(name).title in titles, name


def test_every_usual_name_is_of_a_field_that_exists_and_of_one_only():
    raw = tomllib.loads((nexus.VOCABULARIES / "nexus_names.toml").read_text())
    assert [title for title in raw if nexus.field(title) is None] == []
    names = [nexus._bare(name) for names in raw.values() for name in names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("name", "path", "title"),
    [
        ("InstrumentMonochromator_energy", None, "NXmonochromator/energy"),
        ("temperature", "/entry/sample/temperature", "NXsample/temperature"),
        ("entry.instrument.detector_1.distance", None, "NXdetector/distance"),
        ("instrument/beam/incident_energy", None, "NXbeam/incident_energy"),
        ("temperature", None, "NXsample/temperature"),
        ("sample_temperature", None, "NXsample/temperature"),
        ("incident_wavelength", None, "NXbeam/incident_wavelength"),
        ("incidentWavelength", None, "NXbeam/incident_wavelength"),
        ("start_time", None, "NXentry/start_time"),
        ("beamtime.startTime", None, "NXentry/start_time"),
        ("chemical formula", None, "NXsample/chemical_formula"),
        ("detector distance", None, "NXdetector/distance"),
        ("curator.name", None, None),
        ("name", None, None),
        ("type", None, None),
        ("sample/colour_of_the_sky", None, None),
        ("", "", None),
    ],
)
def test_a_parameter_is_a_field_by_name_or_by_path(name, path, title):
    found = nexus.field_of(name, path)
    assert (found.title if found else None) == title


@given(st.text(max_size=40), st.none() | st.text(max_size=40))
def test_no_name_and_no_path_makes_the_search_for_a_field_fail(name, path):
    found = nexus.field_of(name, path)
    assert found is None or nexus.field_at(found.iri) is nexus.field(found.title) is found


def test_the_fields_of_technique_files_exist_and_allow_their_units():
    for profile in techniques.load().all:
        for entry in profile.summary:
            if entry.nexus:
                found = nexus.field(entry.nexus)
                assert found is not None, f"{profile.file}: {entry.nexus}"
                if entry.unit:
                    assert found.allows(units.interpret(entry.unit).kind), f"{profile.file}: {entry.label}"
