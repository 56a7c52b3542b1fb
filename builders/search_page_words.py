"""What the search page says, sentence by sentence: one table for the template and, as data in the page, for the script.

Names in braces are filled in by whoever says the sentence. Plural forms stand side by side as `one` and `many`.
"""

FACET_LABELS = {
    "technique": "Technique",
    "instrument": "Instrument",
    "year": "Year",
    "element": "Elements",
    "facility": "Facility",
    "kind": "Kind",
    "has": "With",
    "format": "File format",
    "licence": "Licence",
    "detail": "Details",
}
SORT_LABELS = {
    "relevance": "Best match",
    "newest": "Newest",
    "oldest": "Oldest",
    "largest": "Largest",
    "title": "Title",
}
SCOPE_LABELS = {"publications": "Publications", "datasets": "Datasets"}
VIEW_LABELS = {"list": "Cards", "compact": "Compact"}
ELEMENT_MODE_LABELS = {"all": "all of these", "any": "any of these", "only": "only these"}
VALUE_WORDS = {
    ("kind", "session"): "Experiment session",
    ("kind", "collection"): "Data collection",
    ("kind", "dataset"): "Dataset",
    ("has", "files"): "Files",
    ("has", "datasets"): "Datasets",
    ("has", "orcid"): "ORCID iDs of people",
    ("has", "licence"): "A licence",
    ("has", "abstract"): "An abstract",
    ("has", "funding"): "Funding",
    ("has", "related"): "Related works",
    ("has", "samples"): "Samples",
    ("has", "preview"): "A preview",
}
"""Values of facets that are words of ours; all others are shown as they stand."""

EXAMPLES = (
    ("silica foam", "both words, anywhere"),
    ('"silica foam"', "exactly this phrase"),
    ("foam -alumina", "without a word"),
    ("silica OR alumina", "one of them, or both"),
    ("tomo*", "words that begin so"),
    ("author:curie", "a word in one field"),
    ('technique:"x-ray scattering"', "a technique and all its kinds"),
    ("energy:10..14keV", "a range, in any unit"),
    ("wavelength<1.1Å", "below a value"),
    ("element:Fe,Ni", "samples with these elements"),
    ("year:2020..2023", "a range of years"),
    ("has:orcid", "what a record has"),
    ("doi:10.5072/*", "DOIs that begin so"),
)
"""What the search language can say: a query and what it finds."""

WORDS = {
    "publication": "publication",
    "publications": "publications",
    "dataset": "dataset",
    "datasets": "datasets",
    "shown": "{first} to {last}",
    "nothing": "Nothing found",
    "searching": "Searching …",
    "no_answer": "No answer",
    "failed": "The search did not answer: {reason}",
    "no_script": "In this copy of the site the search runs in your browser, with scripts, which are turned off there. "
    "The lists below lead to everything that is open.",
    "remove": "remove",
    "clear_all": "Clear all",
    "mean": "Did you mean {query}?",
    "drop": "Take one condition away:",
    "would_find": "without {condition}",
    "drop_all": "without any condition",
    "browse": "Or browse:",
    "open": "Open",
    "superseded": "newer version exists",
    "more_people": "and {count} more",
    "part_of": "In",
    "show_all": "Show all {count}",
    "show_results": "Show results",
    "other_techniques": "Other words of the catalogue",
    "any_time": "{low} to {high}",
    "bar": "{low} to {high}: {count}",
    "previous": "Previous",
    "next": "Next",
    "page_of": "Page {page} of {last}",
    "capped": "Only the first {count} are listed; narrow the search to see the rest.",
    "export_capped": "An export holds at most {count} results, in this order.",
    "copied": "Copied",
    "suggestions": "{count} suggestions; choose with the arrow keys.",
    "suggested": "Suggestions",
    "techniques": "Techniques",
    "instruments": "Instruments",
    "people": "People",
    "samples": "Samples",
    "titles": "Titles",
    "size": "Size",
    "date": "Day of opening",
    "preparing": "Preparing {name} …",
}


def value_words(facet: str, value: str) -> str:
    """A facet's value as people read it.

    >>> value_words("has", "orcid"), value_words("instrument", "EX01")
    ('ORCID iDs of people', 'EX01')
    """
    return VALUE_WORDS.get((facet, value), value)
