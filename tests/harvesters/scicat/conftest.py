"""What all tests of the `scicat` harvester share: nothing waits."""

import pytest

from panfair.harvesters import http as rest_sender


@pytest.fixture(autouse=True)
def pauses(monkeypatch) -> list[float]:
    """The pauses that were asked for; none is made."""
    made: list[float] = []
    monkeypatch.setattr(rest_sender.time, "sleep", made.append)
    monkeypatch.setattr(rest_sender.open_sender.__wrapped__, "__defaults__", (lambda: None, made.append))
    return made
