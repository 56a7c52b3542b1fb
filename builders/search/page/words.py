"""What the search page says, sentence by sentence: one table for the template and, as data in the page, for the script.

Names in braces are filled in by whoever says the sentence. Plural forms stand side by side as `one` and `many`.
"""

from panfair.builders.html.language import marked, tr, trn

FACET_LABELS = {
    "technique": marked("Technique"),
    "instrument": marked("Instrument"),
    "year": marked("Year"),
    "element": marked("Elements"),
    "facility": marked("Facility"),
    "kind": marked("Kind"),
    "has": marked("With"),
    "format": marked("File format"),
    "licence": marked("Licence"),
    "detail": marked("Details"),
}
SORT_LABELS = {
    "relevance": marked("Best match"),
    "newest": marked("Newest"),
    "oldest": marked("Oldest"),
    "largest": marked("Largest"),
    "title": marked("Title"),
}
SCOPE_LABELS = {"publications": marked("Publications"), "datasets": marked("Datasets")}
VIEW_LABELS = {"list": marked("Cards"), "compact": marked("Compact")}
ELEMENT_MODE_LABELS = {
    "all": marked("all of these"),
    "any": marked("any of these"),
    "only": marked("only these"),
}
VALUE_WORDS = {
    ("kind", "session"): marked("Experiment session"),
    ("kind", "collection"): marked("Data collection"),
    ("kind", "dataset"): marked("Dataset"),
    ("has", "files"): marked("Files"),
    ("has", "datasets"): marked("Datasets"),
    ("has", "orcid"): marked("ORCID iDs of people"),
    ("has", "licence"): marked("A licence"),
    ("has", "abstract"): marked("An abstract"),
    ("has", "funding"): marked("Funding"),
    ("has", "related"): marked("Related works"),
    ("has", "samples"): marked("Samples"),
    ("has", "preview"): marked("A preview"),
}
"""Values of facets that are words of ours; all others are shown as they stand."""

EXAMPLES = (
    ("silica foam", marked("both words, anywhere")),
    ("is there a scan of an insect’s eye?", marked("a question: most of its words, the best first")),
    ("foam +alumina", marked("a word that must occur")),
    ('"silica foam"', marked("exactly this phrase")),
    ("foam -alumina", marked("without a word")),
    ("silica OR alumina", marked("one of them, or both")),
    ("tomo*", marked("words that begin so")),
    ("author:curie", marked("a word in one field")),
    ('technique:"x-ray scattering"', marked("a technique and all its kinds")),
    ("energy:10..14keV", marked("a range, in any unit")),
    ("wavelength<1.1Å", marked("below a value")),
    ("element:Fe,Ni", marked("samples with these elements")),
    ("year:2020..2023", marked("a range of years")),
    ("has:orcid", marked("what a record has")),
    ("doi:10.5072/*", marked("DOIs that begin so")),
    ("https://doi.org/10.5072/a-paper", marked("the data of a paper; so with arXiv, PDB, ORCID, handles")),
    ("file:scan_0001.h5", marked("a file by its name")),
)
"""What the search language can say: a query and what it finds."""

NOUNS = (("publication", "publications"), ("dataset", "datasets"), ("file", "files"))
WORDS = {
    "shown": marked("{low} to {high}"),
    "nothing": marked("Nothing found"),
    "searching": marked("Searching …"),
    "no_answer": marked("No answer"),
    "failed": marked("The search did not answer: {reason}"),
    "no_script": marked(
        "In this copy of the site the search runs in your browser, with scripts, which are turned off there. "
        "The lists below lead to everything that is open."
    ),
    "remove": marked("remove"),
    "chosen": marked("Chosen"),
    "clear_all": marked("Clear all"),
    "mean": marked("Did you mean {query}?"),
    "doi_page": marked("The page of this DOI, if it has one here:"),
    "drop": marked("Take one condition away:"),
    "condition": marked("{label}: {value}"),
    "quoted": marked("“{query}”"),
    "would_find": marked("without {condition}"),
    "drop_all": marked("without any condition"),
    "browse": marked("Or browse:"),
    "browse_techniques": marked("techniques"),
    "browse_instruments": marked("instruments"),
    "browse_people": marked("people"),
    "browse_years": marked("years"),
    "browse_all": marked("all publications"),
    "how_to": marked("how to search"),
    "open": marked("Open"),
    "superseded": marked("newer version exists"),
    "more_people": marked("and {count} more"),
    "part_of": marked("In"),
    "show_all": marked("Show all {count}"),
    "show_results": marked("Show results"),
    "own_techniques": marked("Most used here"),
    "other_techniques": marked("Other words of the catalogue"),
    "range": marked("{low} to {high}"),
    "from": marked("from {low}"),
    "up_to": marked("up to {high}"),
    "previous": marked("Previous"),
    "next": marked("Next"),
    "pages": marked("Pages"),
    "page_of": marked("Page {page} of {last}"),
    "capped": marked("Only the first {count} are listed; narrow the search to see the rest."),
    "export_capped": marked("An export holds at most {count} results, in this order."),
    "suggestions": marked("{count} suggestions; choose with the arrow keys."),
    "suggested": marked("Suggestions"),
    "techniques": marked("Techniques"),
    "instruments": marked("Instruments"),
    "people": marked("People"),
    "samples": marked("Samples"),
    "titles": marked("Titles"),
    "size": marked("Size"),
    "date": marked("Day of opening"),
    "measured": marked("Measured"),
    "preparing": marked("Preparing {name} …"),
    "understood": marked("Understood as"),
    "exact": marked("In the search language:"),
    "author": marked("Person"),
    "first": marked("First author"),
    "pi": marked("Principal investigator"),
    "proposal": marked("Proposal"),
    "sample": marked("Sample"),
    "word": marked("Word"),
    "unwanted": marked("not {value}"),
}


def words() -> dict[str, str]:
    """The sentences in the site's language."""
    texts = {key: tr(text) for key, text in WORDS.items()}
    for one, many in NOUNS:
        texts |= {one: trn(one, many, 1), many: trn(one, many, 2)}
    return texts


def labels(table: dict[str, str]) -> dict[str, str]:
    """One of the tables of labels in the site's language."""
    return {key: tr(label) for key, label in table.items()}


def value_words(facet: str, value: str) -> str:
    """A facet's value as people read it.

    >>> value_words("has", "orcid"), value_words("instrument", "EX01")
    ('ORCID iDs of people', 'EX01')
    """
    return tr(VALUE_WORDS.get((facet, value), "")) or value
