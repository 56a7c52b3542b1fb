"""ontologies/server_paths.py: what leads into a facility's machines is taken out of a text, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.ontologies.server_paths import WITHHELD, without_paths

PATHS = (
    "/data/visitor/zz9999/id99/20240101/RAW_DATA/secretword/a.png,/data/visitor/zz9999/secretword/b.png",
    "/gpfs/secretword/x.h5", "python /home/secretword/scan.py --fast", "C:\\Users\\secretword\\x.dat",
    "C:/Users/secretword/x.dat", "D:\\Users\\Ada secretword\\my\\x.dat", "\\\\server\\secretword\\x",
    "\\\\\\\\server\\\\secretword\\\\x", "//server/secretword/x", "file:///home/secretword/x.h5",
    "file:/home/secretword", "The data lie in /data/visitor/id99/secretword on our server, and stay there.",
    "(see /asap3/secretword/x)", "--out=/foo/secretword/x.h5", "rsync me@host.example:/data/secretword/",
    "~secretword/x.h5", "~/secretword/x", "$HOME/secretword", "'/home/Ada secretword/x y.h5'",
    '{"p": "/home/secretword/x"}', '{"p": "\\/home\\/secretword\\/x"}', "path=%2Fgpfs%2Fsecretword%2Fx",
    "/secretword/a.h5", "PATH=/usr/bin:/home/secretword/bin", "`/home/secretword/x`", "host:/data/secretword/x",
    "opened </home/secretword/x>", "It was /home/secretword.", "/beamline/p99/secretword", "/entry/secretword/x.h5",
    "http://elog.example.org/secretword", "https://scilog.example.org/secretword", "http://localhost:80/secretword",
    "http://logserver/secretword", "https://e.example.org/elog/secretword/12", "tango://srv:10000/id19/secretword/1",
    "smb://files/secretword", "https://www.example.org/get?file=/gpfs/secretword/x.h5", "http://10.0.0.7/secretword",
)  # fmt: skip
NO_PATHS = (
    "5 m/s", "photons /s/mm2/mrad2/0.1%BW", "ph/s/mm²/mrad²/0.1%BW", "and/or", "he/she", "w/o", "1/2", "km/h, 3 /cm",
    "https://doi.org/10.5072/abc", "10.5072/a/b", "doi:10.5072/x", "20.500.12269/ds1",
    "/entry/instrument/detector/data", "/1.1/measurement/x", "scan.h5::/entry/data", "x.h5://entry/data",
    "/NXentry/NXsample", "entry/sample/temperature",
    "I4/mmm", "P2_1/c", "Si /SiO2 /Pt", "Pt(111)/MgO/Fe", "film of /MgO/Fe", "(1/2,1/2,0)", "image/tiff", "λ/4", "2θ/ω",
    "http://purl.org/pan-science/PaNET/PaNET01129", "T < 5 K / min", "at 1:100/200", "ratio A/B/C", "10:00/11:00",
    "www.example.org/a/b", "https://zenodo.org/record/1/files/x.h5?download=1", "raw/scan_1/a.h5", "$\\alpha/\\beta$",
    "https://github.com/a/b/blob/main/x.py#L1", "https://data.example.org/logs-of-rivers", "https://blog.example.org/x",
)  # fmt: skip


@pytest.mark.parametrize("text", PATHS)
def test_a_path_or_internal_address_leaves_no_word(text):
    clean, count = without_paths(text)
    assert "secretword" not in clean and count >= 1


@pytest.mark.parametrize("text", NO_PATHS)
def test_what_is_no_path_stays_to_the_letter(text):
    assert without_paths(text) == (text, 0)


def test_the_sentence_around_a_path_stays():
    assert without_paths("See /data/x/y. Then /home/ada/z, and (/tmp/a/b)!") == (
        f"See {WITHHELD}. Then {WITHHELD}, and ({WITHHELD})!",
        3,
    )


@given(st.lists(st.sampled_from([*PATHS, *NO_PATHS]), min_size=1, max_size=4))
def test_among_other_words_no_path_comes_through_and_twice_is_as_once(texts):
    clean, _ = without_paths(" \n".join(texts))
    assert "secretword" not in clean
    assert without_paths(clean) == (clean, 0)


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    clean, count = without_paths(text)
    assert (clean == text) == (count == 0)
