"""Who answers for what a list shows: first what stands of it is kept, then it is shut; then nobody answers."""

from panfair.site.run.leaks.answering import FoundInLists, Withheld
from panfair.site.run.leaks.scanner import Finding

FINDING = Finding(b"closed", "title", "www/feeds/all.atom", "vorpal", "vorpal")


def test_what_stands_of_a_record_is_kept_before_a_notice_takes_its_place():
    withheld = Withheld()
    assert withheld.add(FoundInLists({"10.5072/a": [FINDING]}))
    assert withheld.alarms["10.5072/a"].standing_is_clean
    assert withheld.add(FoundInLists({"10.5072/a": [FINDING], "10.5072/b": [FINDING]}))
    assert not withheld.alarms["10.5072/a"].standing_is_clean and withheld.alarms["10.5072/b"].standing_is_clean
    assert not withheld.add(FoundInLists({"10.5072/a": [FINDING]})), "without it, the list shows it still"


def test_what_nobody_answers_for_is_not_tried_again():
    assert not Withheld().add(FoundInLists({"10.5072/a": [FINDING], "": [FINDING]}))


def test_indexes_are_made_anew_once():
    withheld = Withheld()
    assert withheld.add(FoundInLists({}, stale=True)) and withheld.anew
    assert not withheld.add(FoundInLists({}, stale=True))
