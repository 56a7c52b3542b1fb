"""Who is known by the digests of their words says the same as who is read anew, and is asked only where it may help."""

from hypothesis import given
from hypothesis import strategies as st

from panfair.site.run.leaks.marks import Phrase, marks_of
from panfair.site.run.leaks.watched import Watched
from panfair.site.run.leaks.words import Digests

DIGESTS = Digests(b"key of this test")
_WORDS = st.lists(st.sampled_from(["vorpal", "drainage", "foam", "Quartz", "0042", "scan"]), min_size=1, max_size=5)
_TEXTS = st.lists(_WORDS.map(" ".join), min_size=1, max_size=3)


def _watched(texts: list[str]) -> Watched:
    marks = marks_of([("title", text) for text in texts], DIGESTS)
    phrases = {mark.digest: mark.phrase for mark in marks.values() if isinstance(mark.phrase, Phrase)}
    return Watched(DIGESTS, marks.keys() - phrases.keys(), phrases)


@given(_TEXTS, _TEXTS)
def test_kept_words_tell_what_the_texts_tell(closed, said):
    watched = _watched(closed)
    words, found = watched.said_by(said)
    kept = b"".join(sorted(words))
    assert watched.said_again(kept, said.copy) == found
    assert watched.may_be_said_in(kept) or not found


@given(_TEXTS, _TEXTS)
def test_what_is_left_out_is_listened_for_no_more(closed, said):
    watched = _watched(closed)
    words, _found = watched.said_by(said)
    watched.leave_out(watched.digests)
    assert not watched and not watched.digests
    assert not watched.may_be_said_in(b"".join(words))
