"""Citations read back and held against the record."""

import json
import re
from importlib.util import find_spec
from pathlib import Path

import yaml
from jsonschema import Draft7Validator

from panfair.ontologies.embargo import Released
from panfair.ontologies.record import Rights
from support.format_cases import rendered
from support.formats.citation_readers import read_bibtex, read_ris, text_of
from support.records import a_publication, released

# csl-data.json 1.0.2: the variables that are used, and what they are.
_CSL = {
    "id": str, "type": str, "title": str, "author": list, "issued": dict, "publisher": str, "DOI": str, "URL": str,
    "abstract": str, "version": str, "language": str, "keyword": str, "license": str,
}  # fmt: skip


# The schema that cffconvert carries; its own code wants an old jsonschema.
_CFF = Path(find_spec("cffconvert").submodule_search_locations[0]) / "schemas" / "1.2.0" / "schema.json"


CFF_SCHEMA = Draft7Validator(json.loads(_CFF.read_text()))


def one_line(text: str) -> str:
    return " ".join(text.split())


def check_citations(one: Released) -> None:
    publication = one.publication
    title, year = one_line(publication.title), str(publication.publication_year)
    bib = read_bibtex(rendered(one, "citation.bib"))
    assert re.fullmatch(r"[a-z0-9]+-[a-z0-9-]+", bib["ID"])
    assert text_of(bib["title"]) == title
    assert bib["year"] == year
    assert bib["url"] == one.doi.url
    assert bib["doi"] == str(one.doi) or "%" in bib["doi"]
    ris = read_ris(rendered(one, "citation.ris"))
    assert ("TI", title) in ris and ("PY", year) in ris and ("UR", one.doi.url) in ris
    assert sum(tag == "AU" for tag, _ in ris) == len(publication.creators)
    item = json.loads(rendered(one, "csl.json"))
    assert all(isinstance(value, _CSL[name]) for name, value in item.items())
    assert item["title"] == publication.title and item["type"] == "dataset"
    assert item["issued"] == {"date-parts": [[publication.publication_year]]}
    for name in item.get("author", []):
        assert set(name) in ({"family"}, {"family", "given"}, {"literal"})


def _cff_licence(right: Rights) -> dict:
    told = yaml.safe_load(rendered(released(a_publication(rights=(right,))), "CITATION.cff"))
    CFF_SCHEMA.validate(told)
    return {key: value for key, value in told.items() if key.startswith("license")}
