"""Tests that no two formats contradict each other: identifier, title, people, dates, rights, access, relations.

Each format is read back by itself, with nothing of the code that wrote it, into the same few facts.
"""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.builders.metadata.crosswalk import CROSSWALK
from panfair.builders.metadata.format import all_formats
from panfair.builders.oai.sets import sets_of
from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import Related
from panfair.site.run.versions.relations import RELATIONS, with_relations
from support.format_cases import PORTAL, releases, rendered
from support.formats.agree import PROV, a_record_with_everything, check_agreement
from support.records import released


@given(releases)
@settings(max_examples=60, deadline=None)
def test_no_two_formats_contradict_each_other(one):
    check_agreement(one)


def test_no_two_formats_contradict_each_other_on_the_made_up_record():
    check_agreement(released())


@given(releases, st.lists(st.sampled_from(sorted(RELATIONS)), min_size=1, unique=True))
@settings(max_examples=20, deadline=None)
def test_no_two_formats_contradict_each_other_on_what_other_versions_say(one, relations):
    told = tuple(
        Related(relation=relation, identifier=Identifier(scheme="DOI", value=f"10.99999/version-{n}"))
        for n, relation in enumerate(relations)
    )
    check_agreement(one.refined(lambda publication: with_relations(publication, told)))


def test_the_crosswalk_names_words_that_the_formats_use():
    one = a_record_with_everything()
    portal = replace(PORTAL, place="Exampletown, Nowhere")
    always = [form.file for form in all_formats() if form.applies is None]
    texts = {file: rendered(one, file, portal).decode("latin-1") for file in always}
    texts |= {each.prefix: each.render(one, portal).decode() for form in all_formats() for each in form.oai}
    sets = " ".join(f"{each.spec}…" for each in sets_of(one))
    for row in CROSSWALK:
        for term in row.schema_org.split(", "):
            word = term.rstrip("…")
            assert not word or any(f'"{w}"' in texts["metadata.jsonld"] for w in (word, PROV + word[5:])), (row, word)
        for term in filter(None, row.ro_crate.split(", ")):
            assert f'"{term.rstrip("…")}"' in texts["ro-crate-metadata.json"], (row, term)
        for term in filter(None, row.datacite.split(", ")):
            assert all(word in texts["datacite.xml"] for word in term.split()), (row, term)
        if row.dublin_core:
            assert f"<dc:{row.dublin_core}>" in texts["dublincore.xml"], row
        if row.dcat:
            word = row.dcat.split(",")[0].split(" (")[0].replace("relation…", "isReferencedBy")
            assert word in texts["dcat.ttl"], row
        for place in row.oai.split("; "):
            where, _, word = place.partition(" ")
            if where == "set":
                assert word.rstrip("…") in sets, place
            elif where.startswith("dc:"):
                assert f"<{where}>" in texts["oai_dc"], place
            elif word and where != "header":
                assert word in texts[where], place
