"""Sets a witness beside every stand-in that a test starts; a conftest that imports `heard` or
`watched` gets it for every test below it.

Where Graph's description does not lie beside the checkout the tests run unheard, and one test says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.graph.service import Graph
from witness.contract import contract
from witness.counting import COUNTED
from witness.witness import Verdict, Witness

MARK = "asks_nothing"


class Watch:
    """A witness for one test, which knows whether there was anything to hear."""

    def __init__(self) -> None:
        self.witness = Witness()
        self.stand_ins = 0
        self._recordings: list[Path] = []

    def recording(self, folder: Path) -> Path:
        """A file for another process to write its exchanges to (`--record`)."""
        self.stand_ins += 1
        self._recordings.append(folder / f"exchanges-{len(self._recordings)}.jsonl")
        return self._recordings[-1]

    def hear_recordings(self) -> None:
        while self._recordings:
            self.witness.read(self._recordings.pop())


@pytest.fixture(autouse=True)
def heard(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Hear this test's stand-ins; afterwards nothing may have passed that Graph's description forbids."""
    yield from _listening(request.node, monkeypatch)


@pytest.fixture(autouse=True)
def watched(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """The same, and something must have passed, or the test must say why nothing does."""
    yield from _listening(request.node, monkeypatch, must_hear=True)


def _listening(
    test: pytest.Item, monkeypatch: pytest.MonkeyPatch, *, must_hear: bool = False
) -> Iterator[Watch]:
    watch = Watch()
    start = Graph.__init__

    def begin(graph: Graph, *args: Any, **named: Any) -> None:
        watch.stand_ins += 1
        start(graph, *args, **named)

    monkeypatch.setattr(Graph, "__init__", begin)
    monkeypatch.setattr(Graph, "witness", watch.witness)
    yield watch
    watch.hear_recordings()
    known = contract()
    if known is None or not (watch.stand_ins or len(watch.witness)):
        return
    verdict = watch.witness.judge(known)
    assert not verdict.findings, f"against Graph's description:\n{verdict.words()}"
    if must_hear:
        _nothing_unheard(test, verdict)
    test.user_properties.append((COUNTED, (verdict.held, dict(verdict.outside))))


def _nothing_unheard(test: pytest.Item, verdict: Verdict) -> None:
    mark = test.get_closest_marker(MARK)
    if mark is None:
        assert verdict.held, (
            f"no request was held against Graph's description; if that is right: @{MARK}(why)"
        )
    else:
        assert mark.args, f"@{MARK} needs its reason"
        assert not verdict.checked, f"@{MARK} says that nothing is asked, but {verdict.checked} requests were"
