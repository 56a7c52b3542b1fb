"""Tests of the names of styles and scripts: other bytes, another name, and a script finds what it imports."""

import re

import pytest

from panfair.builders.assets import addresses, named, static_files, without_remarks, without_types

_WORDS = b"export const fold = 1;\n"
_ENGINE = b'import { fold } from "./words.js";\nexport { fold };\n'
_PAGE = b'import { openSearch } from "../engine/engine.js";\nconst later = () => import("../engine/words.js");\n'
_FILES = {"page/main.js": _PAGE, "engine/engine.js": _ENGINE, "engine/words.js": _WORDS}


def test_a_script_imports_by_the_names_that_are_published():
    files = named({**_FILES, "style.css": b"p{}"})
    published = {artifact.path.removeprefix("_panfair/") for artifact in files.values()}
    for artifact in files.values():
        assert set(re.findall(rb'"\./([^"]+)"', artifact.body)) <= {name.encode() for name in published}
    assert files["page/main.js"].body.count(files["engine/words.js"].path.rpartition("/")[2].encode()) == 1


def test_a_change_renames_all_that_import_it_and_nothing_else():
    before = named({**_FILES, "engine/other.js": b"1;"})
    after = named({**_FILES, "engine/words.js": _WORDS + b"//", "engine/other.js": b"1;"})
    renamed = {name for name in before if before[name].path != after[name].path}
    assert renamed == set(_FILES)


def test_scripts_that_import_each_other_or_nothing_are_named_in_the_error():
    with pytest.raises(ValueError, match=r"a\.js imports b\.js imports a\.js"):
        named({"a.js": b'import "./b.js";', "b.js": b'import "./a.js";'})
    with pytest.raises(ValueError, match=r"a\.js imports gone\.js, which is not there"):
        named({"a.js": b'import { x } from "./gone.js";'})


def test_a_script_loses_the_comments_of_its_types_and_no_line_of_code():
    script = b"""/** What it is. */
/** @type {Map<string, number>} */
const found = new Map();
  /** @type {any} */ (found).set("a", 1);
/**
 * How many.
 * @type {() => number}
 */
const count = () => found.size;
/** The end. */
"""
    bare = b"""/** What it is. */
const found = new Map();
  /** @type {any} */ (found).set("a", 1);
const count = () => found.size;
/** The end. */
"""
    assert without_types(script) == bare


def test_a_style_sheet_loses_comments_and_blanks_and_no_rule():
    sheet = b"""/* All pages. */
@layer base {
  /* One
     thing. */
  a::after { content: " /* no */ "; } /* kept */

  p { margin: 0; }
}
"""
    bare = b"""@layer base {
a::after { content: " /* no */ "; } /* kept */
p { margin: 0; }
}
"""
    assert without_remarks(sheet) == bare


def test_every_file_of_the_folders_is_published_under_its_own_name():
    assert {address.rsplit("-", 1)[0] for address in addresses().values()} == {
        f"/_panfair/{name.rsplit('.', 1)[0].replace('/', '-')}" for name in addresses()
    }
    assert len(static_files()) == len(addresses())
