"""How often a question finds its record: success@1, success@3 and the mean of 1/place over a judged set, by engine.

    python tests/bench/judge_search.py SITE_OUTPUT QUESTIONS.tsv PREFIX

`SITE_OUTPUT` is the output/ of a published site, whatever its engine.
"""

import sys
from collections import defaultdict
from pathlib import Path

from panfair.builders.search.language.request import SearchRequest
from panfair.site.search.engine import SearchEngine


def main(output: Path, questions: Path, prefix: str) -> None:
    engine = SearchEngine({"publications": output / "search/publications"})
    places: dict[tuple[str, str], list[float]] = defaultdict(list)
    for line in questions.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        half, kind, asked, meant = line.split("\t")
        wanted = {f"{prefix}/{one}".lower() for one in meant.split()}
        answer = engine.search(SearchRequest(query=asked, limit=20))
        found = [hit.doi.lower() for hit in answer.results]
        place = next((number for number, doi in enumerate(found, 1) if doi in wanted), 0)
        for key in ((half, kind), (half, "all")):
            places[key].append(place)
        if place == 0 or place > 3:
            print(f"{half:5} {place or '-':>3} of {answer.total:<4} {asked}")
    for (half, kind), found in sorted(places.items()):
        first, three = (sum(0 < place <= most for place in found) / len(found) for most in (1, 3))
        rank = sum(1 / place for place in found if place) / len(found)
        print(f"{half:5} {kind:9} {len(found):3} questions   @1 {first:.2f}   @3 {three:.2f}   MRR {rank:.2f}")
    engine.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
