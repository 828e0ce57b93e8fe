"""A policy as data: what a council writes in rules/*.yaml, and the only thing the engine reads of it.

A pack is its clauses; a clause is what it says, where it is written, whom it is for, and any of: clocks
(when something is owed), musts (what the visit has to include), concerns (who is told of what), and the
few special arrangements policies make (a child's own frequency, requests, follow-ups of attempts,
recording, absences, limits). See docs/policies.md for the language with examples.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import ConfigDict, ValidationError

from bot.errors import Problem
from bot.policy import reading_packs
from bot.policy.clauses import Clause
from bot.policy.contradictions import contradictions
from bot.policy.counts import Counting, Strict


class Source(Strict):
    """Which document the pack is a reading of."""

    title: str
    publisher: str | None = None
    version: str | None = None
    implemented: date | None = None
    url: str | None = None


class Pack(Strict):
    """One policy, checked: the value every other part of judging takes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, populate_by_name=True)

    name: str
    title: str
    source: Source
    version: str = "1"
    review_by: date | None = None
    covers: tuple[str, ...]
    adds_kinds: tuple[str, ...] = ()
    leaves_out_excluded: bool = False
    closures: tuple[date, ...] = ()
    counts: Counting = Counting()
    clauses: tuple[Clause, ...]

    @property
    def says(self) -> dict[str, str]:
        """Each clause id in plain words."""
        return {id_: words for clause in self.clauses for id_, words in clause.every_id.items()}

    def kinds_of(self, clause: Clause) -> tuple[str, ...]:
        """The plan kinds a clause is for: its own, or all that the pack covers."""
        return clause.for_ or self.covers


class PackError(Exception):
    """A pack that cannot be used; ``problems`` says everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def read_pack(name: str, text: str) -> Pack:
    """The pack written in ``text``; ``name`` is its file's, for errors. Raises :class:`PackError`."""
    stem = name.rsplit("/", 1)[-1].removesuffix(".yaml").removesuffix(".yml")
    value, lines, problems = reading_packs.parse(name, text)
    if problems:
        raise PackError(problems)
    try:
        pack = Pack.model_validate({"name": stem, **value})
    except ValidationError as error:
        raise PackError(reading_packs.explain_errors(name, error, lines)) from None
    problems = reading_packs.explain_contradictions(name, contradictions(pack), lines)
    if problems:
        raise PackError(problems)
    return pack


def json_schema() -> dict[str, Any]:
    """JSON Schema of a pack file, for editors. The name may be left out: it is the file's."""
    schema = Pack.model_json_schema(by_alias=True)
    schema["required"] = [key for key in schema["required"] if key != "name"]
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema
