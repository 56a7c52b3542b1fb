"""Asked without end while runs publish, the server mixes no two generations of the site in one answer."""

import os
import re
import threading

from panfair.site.serve.app import create_app
from support.planted import LATER, planted
from support.serving import ask, serving
from support.site_run import SiteRun, numbered

RUNS = int(os.environ.get("PANFAIR_RUNS", "3"))
GENERATION = re.compile(rb"generation(\d+)x")
QUESTIONS = (
    "/api/search?q=foam&limit=20",
    "/search/?q=foam",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/api/Documents",
    "/",
)


def test_an_answer_is_of_one_generation_whenever_it_is_asked_for(tmp_path):
    site = SiteRun(tmp_path / "site")

    def publish(generation: int) -> None:
        records = [numbered(n, title=f"Foam {n} generation{generation}x") for n in range(6)]
        site.put(*records, planted(9, "vorpalclosed", release_date=LATER))
        site.publish()

    publish(0)
    done, wrong, seen = threading.Event(), [], dict.fromkeys(QUESTIONS, 0)

    def hammer(base: str, question: str) -> None:
        last = 0
        while not done.is_set():
            reply = ask(base, question)
            found = {int(number) for number in GENERATION.findall(reply.body)}
            seen[question] += 1
            if reply.status != 200 or len(found) != 1 or min(found) < last or b"vorpal" in reply.body:
                wrong.append((question, reply.status, found, last))
            last = max(found, default=last)

    with serving(create_app(site.config)) as base:
        threads = [threading.Thread(target=hammer, args=(base, question), daemon=True) for question in QUESTIONS]
        for thread in threads:
            thread.start()
        for generation in range(1, RUNS + 1):
            publish(generation)
        done.set()
        for thread in threads:
            thread.join(30)
        assert [f"generation{RUNS}x".encode() in ask(base, question).body for question in QUESTIONS] == [True] * 5
    assert wrong == [] and min(seen.values()) > RUNS
