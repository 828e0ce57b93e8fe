"""Gather and judge: the caseload and the packs read from disk, and what follows from them on a day."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.caseload.model import Caseload
from bot.caseload.plain import read
from bot.errors import Problem, Refused, WronglyUsed
from bot.policy.due import judge, visits
from bot.policy.judgement import DueVisit, Judgement
from bot.policy.pack import Pack, PackError, read_pack


@dataclass(frozen=True)
class Snapshot:
    """One reading of the world and the judgement on it."""

    today: date
    caseload: Caseload
    packs: tuple[Pack, ...]
    judgement: Judgement
    visits: tuple[DueVisit, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read, and then what could not be judged."""
        return self.caseload.problems + self.judgement.problems


def take(caseload: Path, packs: Sequence[Pack], today: date, closures: Sequence[date] = ()) -> Snapshot:
    """Read and judge; raises :class:`Refused` where the caseload cannot be read at all."""
    known = read(caseload, today)
    judgement = judge(known, packs, today, closures)
    return Snapshot(today, known, tuple(packs), judgement, visits(judgement))


def load_packs(names: Sequence[str], rules: Path) -> tuple[Pack, ...]:
    """Read packs by name in ``rules`` or by path; raises with every problem of every one of them."""
    packs: list[Pack] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        file = pack_file(name, rules)
        try:
            packs.append(read_pack(file.name, file.read_text(encoding="utf-8-sig")))
        except PackError as error:
            problems += error.problems
        except UnicodeDecodeError:
            problems.append(Problem(file.name, "the file is not UTF-8", "Save it as UTF-8.", "run refused"))
        except OSError as error:
            raise WronglyUsed(f"{file} cannot be read ({error.strerror}). Check its rights.") from None
    if problems:
        raise Refused(
            f"The packs have {len(problems)} problem(s); none of them is used until mended.", problems
        )
    return tuple(packs)


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
