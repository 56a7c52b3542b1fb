"""Results side by side: what is compared, which is the best, and by which rule, as technique files write it."""

import pytest

from panfair.builders.techniques.comparison import Comparisons, best_of
from panfair.ontologies import techniques
from panfair.ontologies.record import DatasetLink, Parameter, Sample, Technique
from support.records import a_dataset

PROFILES = techniques.load().of_all([Technique(said="MX")])
RESULTS = PROFILES[0].comparison[0]
_SCALING = "MXAutoprocIntegrationScaling_"


def _result(name: str, of: str = "raw", *, resolution=1.5, outer=0.6, completeness=99.0, meas=0.1, **changes):
    values = {
        "MXAutoprocIntegration_space_group": "P 61 2 2",
        "MXAutoprocIntegration_cell_a": 92.55,
        "MXAutoprocIntegration_cell_b": 92.55,
        "MXAutoprocIntegration_cell_c": 129.78,
        f"{_SCALING}overall_resolution_limit_high": resolution,
        f"{_SCALING}inner_resolution_limit_high": 6.5,
        f"{_SCALING}outer_cc_half": outer,
        f"{_SCALING}overall_cc_half": 0.999,
        f"{_SCALING}overall_completeness": completeness,
        f"{_SCALING}overall_r_meas_all_IPlus_IMinus": meas,
    }
    parameters = tuple(Parameter(name=key, value=value) for key, value in values.items() if value is not None)
    links = (DatasetLink(id=of),)
    return a_dataset(id=name, name=name, kind="processed", samples=(), parameters=parameters, inputs=links, **changes)


def _raw(name: str = "raw", sample: str = "thau8", acronym: str = "thau"):
    one = Sample(name=sample, parameters=(Parameter(name="SampleProtein_acronym", value=acronym),))
    return a_dataset(id=name, name=name, kind="raw", samples=(one,), parameters=())


def _tables(*datasets, of=None):
    found = Comparisons(PROFILES, datasets, lambda one: f"/{one.id}/")
    return found.all() if of is None else found.of(of)


@pytest.mark.parametrize(
    ("results", "best"),
    [
        ((_result("a", resolution=1.5), _result("b", resolution=1.4)), "b"),
        ((_result("a", meas=0.2), _result("b", meas=0.1)), "b"),  # equals: the lower Rmeas
        ((_result("a"), _result("b", resolution=1.2, outer=0.29)), "a"),  # a limit that the data do not reach
        ((_result("a"), _result("b", resolution=1.2, completeness=89.9)), "a"),
        ((_result("a"), _result("b", resolution=None)), "a"),
        ((_result("a"), _result("b", meas=None)), "a"),
        ((_result("a", outer=0.1), _result("b", completeness=10)), None),
        ((_result("a", outer=None),), None),
    ],
)
def test_the_best_is_told_by_the_rule_that_stands_under_the_table(results, best):
    found = best_of(RESULTS, results)
    assert (found and found.id) == best


def test_results_stand_side_by_side_with_their_values_by_shell():
    (table,) = _tables(_raw(), _result("fast_dp", resolution=1.61), _result("xia2 dials", resolution=1.42))
    assert [column.label for column in table.grid.columns][:4] == [
        "Result",
        "Space group",
        "Cell (Å, °)",
        "Resolution (Å)",
    ]
    assert [row[0].words for row in table.grid.rows] == ["fast_dp", "xia2 dials\u00a0★"]
    assert [cell.words for cell in table.grid.rows[0]][1:4] == ["P 61 2 2", "92.5 92.5 129.8", "1.61 (6.50, –)"]
    assert "90 %" in table.rule


def test_one_is_the_best_of_each_data_set_and_rows_say_of_which():
    rows = [_raw("raw"), _raw("other"), _result("a"), _result("b", "other", resolution=3.0)]
    (table,) = _tables(*rows)
    assert [(row[0].words, row[1].words) for row in table.grid.rows] == [
        ("a\u00a0★", "raw"),
        ("b\u00a0★", "other"),
    ]


def test_the_page_of_a_data_set_has_what_was_made_from_it_and_that_of_a_result_its_rivals():
    raw, other = _raw("raw"), _raw("other")
    a, b, c = _result("a"), _result("b"), _result("c", "other")
    for here in (raw, a):
        (table,) = _tables(raw, other, a, b, c, of=here)
        assert [row[0].words.strip("\u00a0★") for row in table.grid.rows] == ["a", "b"]
    assert table.grid.rows[0][0].address == "" and table.grid.rows[1][0].address == "/b/"


def test_what_refined_a_result_is_told_with_the_data_that_the_result_is_of():
    refined = a_dataset(
        id="dimple", name="dimple", kind="processed", samples=(), inputs=(DatasetLink(id="a"),),
        parameters=(Parameter(name="MXMRRefinement_R_free", value=0.1888),),
    )  # fmt: skip
    tables = _tables(_raw(), _result("a"), refined, of=_raw())
    assert [table.label for table in tables] == ["Results of processing", "Refinement and ligands"]
    assert tables[1].rule == ""  # no rule is written, so none is the best


def test_all_samples_of_a_session_stand_in_one_table_with_the_best_result_of_each():
    rows = [_raw("r1", "x1", "LYS"), _raw("r2", "x1", "LYS"), _raw("r3", "x2", "THAU"),
            _result("a", "r1", resolution=1.9), _result("b", "r2", resolution=1.7)]  # fmt: skip
    table, *_others = _tables(*rows)
    assert table.label == "Samples of the session"
    assert [[cell.words for cell in row][:5] for row in table.grid.rows] == [
        ["x1", "LYS", "2", "2", "b"],
        ["x2", "THAU", "1", "", ""],
    ]


def test_without_results_and_in_a_circle_of_inputs_there_is_no_table_and_no_end():
    assert _tables(_raw()) == ()
    one, two = _result("one", "two"), _result("two", "one")
    assert len(_tables(one, two)) == 1


def test_a_rule_without_words_is_refused(tmp_path):
    (tmp_path / "x.toml").write_text(
        'technique = "PaNET01164"\nlabel = "X"\nprobe = "photon"\n[[summary]]\nlabel = "A"\nfrom = ["a"]\n'
        '[[comparison]]\nlabel = "C"\nmarks = ["b"]\n[[comparison.column]]\nlabel = "B"\nfrom = ["b"]\n'
        '[[comparison.order]]\nfrom = ["b"]\nbest = "lowest"\n'
    )
    with pytest.raises(techniques.OntologyError, match="rule"):
        techniques.load(tmp_path)
