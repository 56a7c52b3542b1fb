"""The facets of a record: the labels by which a search can be narrowed, each letter by letter.

`technique` holds each technique and all that is above it in PaNET, so that the count of a wide technique is that of
all its kinds. `format` is what files are, `licence` the licence, `detail` what technique files offer
(`Space group: P 1`), `has` what a record has at all.
"""

from collections.abc import Iterable, Iterator

from panfair.builders.html.language import tr
from panfair.builders.html.words import web_address
from panfair.builders.metadata.terms import is_nexus, media_type_of
from panfair.builders.search.documents.elements import elements_of
from panfair.ontologies import panet, techniques
from panfair.ontologies.record import (
    Agent,
    Dataset,
    File,
    Instrument,
    Parameter,
    Publication,
    Rights,
    Sample,
    Technique,
)
from panfair.ontologies.techniques import found_parameter, keyed

FACETS = ("technique", "instrument", "facility", "element", "kind", "has", "format", "licence", "detail")
"""The facets that are lists of labels; the year is a column of its own."""
LISTED = (*FACETS, "people", "sample")
"""What the columns list: the facets, and names that are completed while a person types."""
HAS = ("files", "preview", "datasets", "orcid", "licence", "abstract", "funding", "related", "samples")
"""What a record may have; `preview` means files at an address that a browser can show: pictures, HDF5 and NeXus."""

_FORMATS = {
    "application/x-hdf5": "HDF5", "image/tiff": "TIFF", "image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF",
    "image/webp": "WebP", "image/svg+xml": "SVG", "image/jp2": "JPEG 2000", "video/mp4": "MP4", "text/plain": "Text",
    "text/markdown": "Markdown", "text/csv": "CSV", "text/tab-separated-values": "TSV", "text/html": "HTML",
    "text/x-python": "Python", "application/json": "JSON", "application/xml": "XML", "text/xml": "XML",
    "application/yaml": "YAML", "application/pdf": "PDF", "application/zip": "ZIP", "application/gzip": "gzip",
    "application/x-tar": "tar", "application/x-7z-compressed": "7z", "chemical/x-cif": "CIF",
    "chemical/x-pdb": "PDB", "application/x-mrc": "MRC", "application/x-ipynb+json": "Jupyter notebook",
}  # fmt: skip
_SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", "application/x-hdf5"})
_MOST_DETAILS = 20
_MOST_NAMES = 60
_LONGEST_LABEL = 200  # characters


def technique_labels(found: Iterable[Technique]) -> list[str]:
    """The labels of techniques and of all PaNET terms above them; what has no PaNET term goes by what was said."""
    table = panet.load()
    labels: dict[str, None] = {}
    for technique in found:
        term = table.term(technique.iri) if technique.iri else None
        labels[term.label if term else technique.name] = None
        for above in table.ancestors(term.iri) if term else ():
            labels[above.label] = None
    return list(labels)


def instrument_labels(found: Iterable[Instrument], known: Iterable[Instrument] = ()) -> list[str]:
    """The long names of instruments, each once; of a dataset that tells the short one, that which is known."""
    ones = list(found)
    long = {one.name: one.full_name for one in (*known, *ones) if one.full_name}
    return list(dict.fromkeys(one.full_name or long.get(one.name) or one.name for one in ones))


def element_labels(samples: Iterable[Sample]) -> list[str]:
    """The symbols of the chemical elements in the formulae of samples."""
    formulae = dict.fromkeys(sample.formula for sample in samples if sample.formula)
    return list(dict.fromkeys(symbol for formula in formulae for symbol in elements_of(formula)))


def people_labels(people: Iterable[Agent]) -> list[str]:
    """The names of people, of many the first."""
    return list(dict.fromkeys(one.name[:_LONGEST_LABEL] for one in people))[:_MOST_NAMES]


def sample_labels(samples: Iterable[Sample]) -> list[str]:
    """The names and formulae of samples, of many the first."""
    names = (name for sample in samples for name in (sample.name, sample.formula) if name)
    return list(dict.fromkeys(name for name in names if len(name) <= _LONGEST_LABEL))[:_MOST_NAMES]


def licence_labels(rights: Iterable[Rights]) -> list[str]:
    """SPDX identifiers, or the licence's name or the source's words where there is none."""
    return list(dict.fromkeys((one.spdx or one.name or one.said)[:_LONGEST_LABEL] for one in rights))


def format_labels(files: Iterable[File]) -> list[str]:
    """What the files are, told by their media types, else in the source's words."""
    kinds = dict.fromkeys((_ending(file.name), file.media_type, file.format_name) for file in files)
    return list(dict.fromkeys(label for kind in kinds if (label := _format(*kind))))


def can_be_shown(files: Iterable[File]) -> bool:
    """Whether a browser can show one of the files, which must have an address."""
    return any(media_type_of(file.name, file.media_type) in _SHOWN and web_address(file.url) for file in files)


def detail_labels(parts: Iterable[tuple[Dataset, tuple[Technique, ...]]]) -> list[str]:
    """What the technique files offer as facets, such as `Space group: P 21 21 21`, each once."""
    found: dict[str, None] = {}
    for dataset, of in parts:
        parameters = keyed(dataset.parameters) if dataset.parameters else {}
        for label, value in _details(of, parameters) if parameters else ():
            if len(found) < _MOST_DETAILS:
                found[f"{label}: {value}"[:_LONGEST_LABEL]] = None
    return list(found)


def has_labels(publication: Publication, datasets: tuple[Dataset, ...]) -> list[str]:
    """What a publication has of `HAS`, where files and samples may be those of its datasets."""
    people = (*publication.creators, *publication.contributors)
    parts: tuple[Publication | Dataset, ...] = (publication, *datasets)
    files = [file for part in parts for file in part.files]
    present: dict[str, object] = {
        "files": files,
        "preview": can_be_shown(files),
        "datasets": datasets,
        "orcid": any(person.orcid for person in people),
        "licence": publication.rights,
        "abstract": publication.abstract,
        "funding": publication.funding,
        "related": publication.other_works,
        "samples": publication.samples or any(dataset.samples for dataset in datasets),
    }
    return [name for name in HAS if present[name]]


def _ending(name: str) -> str:
    """The end of a file's name, as a name: a thousand files of one kind are looked at once."""
    lower = name.lower()
    return ".nxs.h5" if lower.endswith(".nxs.h5") else "." + lower.rsplit(".", 1)[-1] if "." in lower else ""


def _format(name: str, media_type: str | None, said: str | None) -> str:
    if is_nexus("x" + name, said):
        return "NeXus"
    known = media_type_of("x" + name, media_type)
    return _FORMATS.get(known or "", "") or (said or known or "")[:_LONGEST_LABEL]


def _details(of: tuple[Technique, ...], parameters: dict[str, Parameter]) -> Iterator[tuple[str, str]]:
    for profile in techniques.load().of_all(of):
        for label in profile.search.facets:
            parameter = found_parameter(profile.entry(label), parameters)
            if parameter is not None and isinstance(parameter.value, str):
                yield tr(label), parameter.value
