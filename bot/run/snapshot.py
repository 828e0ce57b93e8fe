"""Gather and judge: the caseload and the packs read from disk, and what follows from them on a day."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl

from bot.caseload.model import Caseload
from bot.caseload.plain import read
from bot.caseload.wholeness import Stamp
from bot.digest.gathering import gather
from bot.digest.known import Known
from bot.digest.words import Identify
from bot.errors import Problem, Refused, WronglyUsed
from bot.policy.due import judge, visits
from bot.policy.judgement import DueVisit, Judgement
from bot.policy.looking_back import fell_due
from bot.policy.pack import Pack, PackError, read_pack
from bot.policy.worktime import NO_OWN_DAYS, OwnDays


@dataclass(frozen=True)
class Snapshot:
    """One reading of the world and the judgement on it."""

    today: date
    caseload: Caseload
    packs: tuple[Pack, ...]
    judgement: Judgement
    visits: tuple[DueVisit, ...]
    stamps: tuple[Stamp, ...] = ()  # the files as they were when they were read; none: not read from files
    own_days: OwnDays = NO_OWN_DAYS  # the council's own calendar, as it was judged with
    _gathered: dict[Identify, Known] = field(init=False, default_factory=dict, compare=False, repr=False)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read, and then what could not be judged."""
        return self.caseload.problems + self.judgement.problems

    @cached_property
    def fell_due(self) -> pl.DataFrame:
        """What fell due in the last 12 weeks and how it went (``FellDue``); reckoned once, if wanted."""
        return fell_due(self.caseload, self.packs, self.today, self.own_days)

    def gathered(self, names: Identify) -> Known:
        """What mails and papers speak of, with children named as ``names`` says; gathered once, if wanted."""
        if names not in self._gathered:
            self._gathered[names] = gather(self.visits, self.judgement, self.caseload, self.today, names)
        return self._gathered[names]


def take(
    caseload: Path,
    packs: Sequence[Pack],
    today: date,
    own_days: OwnDays = NO_OWN_DAYS,
) -> Snapshot:
    """Read and judge; raises :class:`Refused` where the caseload cannot be read at all."""
    known = read(caseload, today)
    judgement = judge(known, packs, today, own_days)
    return Snapshot(today, known, tuple(packs), judgement, visits(judgement), own_days=own_days)


def load_packs(names: Sequence[str], rules: Path) -> tuple[Pack, ...]:
    """Read packs by name in ``rules`` or by path; raises with every problem of every one of them."""
    packs: list[Pack] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        try:
            packs.append(load_pack(pack_file(name, rules), rules))
        except PackError as error:
            problems += error.problems
    if problems:
        raise Refused(
            f"The packs have {len(problems)} problem(s); none of them is used until mended.", problems
        )
    return tuple(packs)


def load_pack(file: Path, rules: Path, building: tuple[Path, ...] = ()) -> Pack:
    """Read one pack and those that it extends, by name from its own folder or from ``rules``.

    Raises :class:`PackError` with everything that is wrong with it.
    """

    def base(name: str) -> Pack:
        path = next(
            (at / f"{name}.yaml" for at in (file.parent, rules) if (at / f"{name}.yaml").is_file()), None
        )
        if path is None:
            close = difflib.get_close_matches(name, pack_names(rules), 1)
            raise LookupError("there is no such pack" + (f"; did you mean {close[0]!r}?" if close else ""))
        if path.resolve() in (*building, file.resolve()):
            raise LookupError("it extends this pack in its turn, and neither could ever be read")
        return load_pack(path, rules, (*building, file.resolve()))

    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        problem = Problem(file.name, "the file is not UTF-8", "Save it as UTF-8.", "run refused")
        raise PackError((problem,)) from None
    except OSError as error:
        raise WronglyUsed(f"{file} cannot be read ({error.strerror}). Check its rights.") from None
    return read_pack(file.name, text, base)


def pack_file(name: str, rules: Path) -> Path:
    """The file of a pack, by its name in ``rules`` or as a path; raises WronglyUsed naming what is there."""
    if name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name:
        path = Path(name)
        if path.is_file():
            return path
        raise WronglyUsed(f"There is no pack file {name}. Check the path, or name a pack of rules/.")
    path = rules / f"{name}.yaml"
    if path.is_file():
        return path
    there = pack_names(rules)
    close = difflib.get_close_matches(name, there, 1)
    hint = f"Did you mean {close[0]}? " if close else ""
    raise WronglyUsed(f"There is no pack {name!r} in {rules}. {hint}There are: {', '.join(there) or 'none'}.")


def pack_names(rules: Path) -> list[str]:
    """The packs of a rules folder, by name."""
    return sorted(path.stem for path in rules.glob("*.yaml"))
