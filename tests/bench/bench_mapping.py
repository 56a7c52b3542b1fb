"""What mapping costs beside rendering: `python tests/bench/bench_mapping.py [publications]`.

Publications with techniques, parameters and datasets as a facility has them are mapped onto PaNET, and some of them
are rendered as a run renders them, page and all formats; the ratio of the CPU times of one publication is told.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from panfair.builders.html.renderer import Renderer
from panfair.builders.metadata.format import all_formats
from panfair.builders.pages.landing import landing_pages
from panfair.ontologies.mapping import map_publication
from panfair.ontologies.record import Parameter, Publication, Technique
from support.records import PORTAL, a_dataset, a_publication, released

SAID = ("SAXS", "small-angle x-ray scattering", "HiP-CT", "MX", "PaNET:PaNET01217", "unheard of", "powder diffraction")
RENDERED = 200


def _publication(number: int) -> Publication:
    parameters = tuple(Parameter(name=f"InstrumentSlit{n}_gap", value=float(n), unit="mm") for n in range(10))
    return a_publication(
        techniques=(Technique(said=SAID[number % len(SAID)]),),
        datasets=tuple(
            a_dataset(id=f"d{n}", techniques=(Technique(said=SAID[(number + n) % len(SAID)]),), parameters=parameters)
            for n in range(4)
        ),
    )


def main(count: int) -> None:
    publications = [_publication(number) for number in range(100)]
    begin = time.process_time()
    for number in range(count):
        map_publication(publications[number % 100], lambda line: None, "x-ray")
    mapping = (time.process_time() - begin) / count
    renderer = Renderer(PORTAL)
    ones = [released(map_publication(publication, lambda line: None)) for publication in publications]
    begin = time.process_time()
    for number in range(RENDERED):
        landing_pages(ones[number % 100], renderer)
        for form in all_formats():
            form.render(ones[number % 100], PORTAL)
    rendering = (time.process_time() - begin) / RENDERED
    print(f"mapping    {mapping * 1e3:8.4f} ms CPU a publication ({count} publications)")
    print(f"rendering  {rendering * 1e3:8.4f} ms CPU a publication ({RENDERED} publications)")
    print(f"ratio      {mapping / rendering:8.4f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
