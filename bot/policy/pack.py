"""A policy as data: what a council writes in rules/*.yaml, and the only thing the engine reads of it.

A pack is its clauses; a clause is what it says, where it is written, whom it is for, and any of: clocks
(when something is owed), musts (what the visit has to include), concerns (who is told of what), and the
few special arrangements policies make (a child's own frequency, requests, follow-ups of attempts,
recording, absences, limits). See docs/policies.md for the language with examples.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import ConfigDict, ValidationError, model_validator

from bot.errors import Problem
from bot.policy import reading_packs
from bot.policy.clauses import Clause
from bot.policy.contradictions import contradictions
from bot.policy.counts import Counting, Strict
from bot.policy.doubled import Named, as_written, doubled
from bot.policy.extending import Bases, Extends, Found, Merged
from bot.policy.marks import Path


class Source(Strict):
    """Which document the pack is a reading of."""

    title: str
    publisher: str | None = None
    version: str | None = None
    implemented: date | None = None
    url: str | None = None


class Head(Strict):
    """What a pack says of itself, whether built on others or not."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, populate_by_name=True)

    name: str
    title: str
    source: Source
    version: str = "1"
    law: bool = False
    review_by: date | None = None
    holidays_confirmed_until: date | None = None
    adds_kinds: tuple[str, ...] = ()
    closures: tuple[date, ...] = ()


class PackFile(Head):
    """A pack as its file has it; what is left out comes from the packs that it extends."""

    extends: tuple[Extends, ...] = ()
    covers: tuple[str, ...] = ()
    leaves_out_excluded: bool | None = None
    counts: Counting | None = None
    clauses: tuple[Clause, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_or_more(cls, raw: Any) -> Any:
        """``extends: other-pack`` as well as a list."""
        if isinstance(raw, dict) and isinstance(raw.get("extends"), str | dict):
            return {**raw, "extends": [raw["extends"]]}
        return raw


class Pack(Head):
    """One policy, checked: the value every other part of judging takes."""

    covers: tuple[str, ...]
    leaves_out_excluded: bool = False
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


def read_pack(name: str, text: str, base: Bases | None = None) -> Pack:
    """The pack written in ``text``; ``name`` is its file's, for errors. Raises :class:`PackError`.

    ``base`` gives another pack by name, for one that extends it; it raises :class:`PackError` or LookupError
    (with words) where it cannot.
    """
    stem = name.rsplit("/", 1)[-1].removesuffix(".yaml").removesuffix(".yml")
    value, lines, problems = reading_packs.parse(name, text)
    if problems:
        raise PackError(problems)
    return pack_of(name, {"name": stem, **value}, lines, base)


def pack_of(name: str, value: dict[str, Any], lines: dict[Path, int], base: Bases | None = None) -> Pack:
    """The pack that ``value`` describes; ``lines`` says where in the file ``name`` each part of it stands."""
    try:
        file = PackFile.model_validate(value)
    except ValidationError as error:
        twice = doubled(as_written(value), lines)
        raise PackError(reading_packs.explain_errors(name, error, twice, lines)) from None
    bases, found = _gather(file, base)
    merged = Merged(file, bases)
    found += merged.problems
    pack = Pack.model_construct(**merged.fields())
    if not found:
        found += [(merged.in_file(path), what, mend) for path, what, mend in contradictions(pack)]
    written = zip(pack.clauses, merged.places, strict=True)
    found += doubled((Named(one.id, path, one.in_force is not None) for one, path in written), lines)
    if found:
        raise PackError(reading_packs.explain_contradictions(name, found, lines))
    return pack


def _gather(file: PackFile, base: Bases | None) -> tuple[dict[str, Pack], list[Found]]:
    """The packs that a file extends, and what stood in the way of reading them."""
    bases: dict[str, Pack] = {}
    problems: list[Found] = []
    for place, one in enumerate(file.extends):
        try:
            bases[one.pack] = (base or _none_at_hand)(one.pack)
        except LookupError as error:
            mend = "Name a pack of rules/, or one in this pack's own folder."
            problems.append((("extends", place), f"{one.pack!r} cannot be built on: {error.args[0]}", mend))
        except PackError as error:
            first = error.problems[0]
            what = f"{one.pack!r}, which this pack extends, has {len(error.problems)} problem(s) of its own"
            problems.append((("extends", place), what, f"Mend it first: {first.where} {first.what}."))
    return bases, problems


def _none_at_hand(_: str) -> Pack:
    raise LookupError("no other pack is at hand here")


def json_schema() -> dict[str, Any]:
    """JSON Schema of a pack file, for editors. The name may be left out: it is the file's."""
    schema = PackFile.model_json_schema(by_alias=True)
    schema["required"] = [key for key in schema["required"] if key != "name"]
    extends = schema["properties"]["extends"]
    schema["properties"]["extends"] = {"anyOf": [extends, extends["items"]]}
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema
