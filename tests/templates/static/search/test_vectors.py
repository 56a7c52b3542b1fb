"""The browser's scripts and Python say the same: the vectors are up to date, and Node runs the scripts against them."""

import json
import os
import shutil
import subprocess
import unicodedata
from random import Random

import pytest
from snowballstemmer.english_stemmer import EnglishStemmer

from support.house import ROOT
from support.search.vectors import FILE, vectors

_STEMMER = (ROOT / "templates/static/search/engine/stemmer.js").as_uri()
_LETTERS = "aaeeiioouybcdfghklmnprstvwxyz"
_ENDINGS = (
    "s", "sses", "ies", "ied", "eed", "eedly", "ed", "ing", "ying", "ingly", "edly", "ational", "ization", "izer",
    "fulness", "iveness", "ousli", "ement", "ion", "ll", "y", "e", "ogist", "logi", "ative", "icate", "lessli", "bli",
    "",
)  # fmt: skip


def test_the_vectors_are_what_python_says_today():
    stored, made = json.loads(FILE.read_text("utf-8")), json.loads(json.dumps(vectors()))
    if stored["unicode"] != unicodedata.unidata_version:  # then letters are others, and what they part
        stored, made = ({name: value[name] for name in ("stems", "units", "ranges")} for value in (stored, made))
    assert stored == made, "run python -m support.search.vectors in tests/"


def test_node_and_python_stem_thirty_thousand_words_alike():
    if not shutil.which("node"):
        if os.environ.get("CI"):
            pytest.fail("node is not installed")
        pytest.skip("node is not installed")
    random = Random(8)
    made = {
        "".join(random.choices(_LETTERS, k=random.randint(1, 9))) + random.choice(_ENDINGS) for _ in range(30_000)
    } - {"", "a"}
    words = sorted(made)
    script = f"""
      import {{ stem }} from {json.dumps(_STEMMER)};
      import {{ readFileSync }} from "node:fs";
      console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(stem)));
    """
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        input=json.dumps(words), capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    here = [EnglishStemmer().stemWord(word) for word in words]
    assert [
        (word, *pair) for word, *pair in zip(words, json.loads(ran.stdout), here, strict=True) if len(set(pair)) > 1
    ] == []
