"""Hears everything said to a stand-in during a test, and judges it afterwards.

Hearing is cheap (a line of text an exchange), so that a test runs as it would unheard; judging waits for the
end of the test, and the same words are judged once however often they were said.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from witness.contract import Contract
from witness.exchange import Exchange

SHOWN_AT_MOST = 12


@dataclass
class Verdict:
    """What was found, and how much was looked at."""

    held: int = 0  # exchanges whose request and answer hold against the slice
    outside: Counter[str] = field(default_factory=Counter)  # of what the slice leaves out, by the reason why
    findings: list[str] = field(default_factory=list)

    @property
    def checked(self) -> int:
        return self.held + sum(self.outside.values())

    def words(self) -> str:
        shown = self.findings[:SHOWN_AT_MOST]
        more = len(self.findings) - len(shown)
        return "\n".join([*shown, *([f"… and {more} more"] if more else [])])


class Witness:
    """Told of exchanges by the stand-in (`Graph.witness`), or by a recording of another process."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def __call__(self, request: Any, response: Any) -> None:
        from bot.sandbox.recording import shown

        self._lines.append(json.dumps(shown(request, response)))

    def read(self, recording: Path) -> None:
        """Hear what another process wrote down; a recording that is not there is a recording of nothing."""
        if recording.exists():
            self._lines += recording.read_text(encoding="utf-8").splitlines()

    def __len__(self) -> int:
        return len(self._lines)

    def judge(self, contract: Contract) -> Verdict:
        """Hold every request and every answer against the description."""
        verdict = Verdict()
        said = Counter(self._lines)
        exchanges = [(Exchange.read(line), times) for line, times in said.items()]
        links = frozenset(link for one, _ in exchanges for link in one.leads_to)
        for one, times in exchanges:
            found = contract.findings(one, links)
            verdict.findings += [f"{one}: {words}" for words in found]
            if found:
                continue
            why = contract.outside(one)
            if why:
                verdict.outside[why] += times
            else:
                verdict.held += times
        return verdict
