"""A sync killed at any instant loses no state: the next ones go on, and DataCite ends as the site has it."""

import os
import random
import signal
import time
from collections import Counter

from panfair.builders.metadata.terms import COAR_EMBARGOED
from panfair.site.registrar.plan import STATES
from panfair.site.registrar.table import Table
from support.servers.registrar_desk import Desk, a_desk

_KILLS = 6 * int(os.environ.get("PANFAIR_KILLS", "1"))
_DOIS = [f"10.5072/eps-{n}" for n in range(5)]


def _generation(desk, number):
    """What is wanted of each DOI: one is withdrawn, one closed again, the others have new words."""
    made = []
    for place, doi in enumerate(_DOIS):
        turn = (number + place) % len(_DOIS)
        if turn == 0:
            made.append(desk.pages.withdrawn(doi, f"reason{number}"))
        elif turn == 1:
            made.append(desk.pages.closed(doi, COAR_EMBARGOED))
        else:
            made.append(desk.pages.open(doi, f"Foam of generation {number}"))
    return made


def _sync_in_child(desk: Desk, wanted) -> int:
    child = os.fork()
    if child == 0:
        try:
            desk.connect()
            os._exit(1 if desk.sync(*wanted).failed else 0)
        except BaseException:
            os._exit(3)
    return child


def _length(desk, wanted):
    began = time.monotonic()
    assert os.waitpid(_sync_in_child(desk, wanted), 0)[1] == 0
    return time.monotonic() - began


def test_killed_at_random_instants_a_sync_loses_no_state(tmp_path):
    dice = random.Random(20261130)
    with a_desk(tmp_path) as desk:
        length = _length(desk, _generation(desk, 0))
        killed = 0
        for number in range(1, 1 + _KILLS):
            wanted = _generation(desk, number)
            child = _sync_in_child(desk, wanted)
            time.sleep(dice.uniform(0, length))
            os.kill(child, signal.SIGKILL)
            _pid, status = os.waitpid(child, 0)
            killed += os.WIFSIGNALED(status)
            length *= 1.03 if os.WIFSIGNALED(status) else 0.85
            with Table(desk.path) as table:
                kept = list(table.all())
            assert [known.doi for known in kept] == _DOIS
            for known in kept:
                assert known.sent or known.state == "draft", f"{known.doi}: what was told is forgotten"
        assert killed > _KILLS // 3, "the kills came too late to prove anything"
        assert os.waitpid(_sync_in_child(desk, wanted), 0)[1] == 0
        assert desk.differences(*wanted) == []
        for one in wanted:
            stands = desk.registry.dois[one.doi]
            assert stands["state"] == ("registered" if one.aim == "draft" else STATES[one.aim])
            if one.aim == "findable":
                assert stands["titles"] == [{"title": f"Foam of generation {_KILLS}"}]
        made = Counter(said["doi"] for method, _path, said in desk.registry.writes() if method == "POST")
        assert set(made.values()) == {1}, "a DOI was reserved twice"
        assert all(len(one["doi"]) for one in desk.registry.dois.values()) and set(desk.registry.dois) == set(_DOIS)
        desk.registry.log.clear()
        desk.sync(*wanted)
        assert desk.registry.writes() == [], "and it comes to rest"
