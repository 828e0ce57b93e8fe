"""Writes the table of clauses in docs/policies.md: each with its cases and the places where it really shows.

    .venv/bin/python docs/make_policies.py

Nothing in the table is said by hand. The cases of rules/cases are judged, and what a worker and a manager get
from them is rendered: reminders, the Monday list, the digest, notices, a newcomer's welcome, the papers, the
explanation. A clause stands beside a place where its id was found in the text of one.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import chain
from pathlib import Path

import polars as pl

REPO = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPO))

from bot.caseload.model import Caseload  # noqa: E402
from bot.diary.day import DiaryRules  # noqa: E402
from bot.diary.entries import wanted  # noqa: E402
from bot.digest.gathering import Known, gather  # noqa: E402
from bot.digest.manager import weeklies  # noqa: E402
from bot.digest.notices import Seal, letters, sort_out  # noqa: E402
from bot.digest.noticing.causes import causes  # noqa: E402
from bot.digest.noticing.facts import Facts  # noqa: E402
from bot.digest.noticing.letter import mail_of  # noqa: E402
from bot.digest.noticing.welcome import welcome as welcome_of  # noqa: E402
from bot.digest.papers.family_diary import diary_of  # noqa: E402
from bot.digest.papers.sheet import sheet_for  # noqa: E402
from bot.digest.papers.supervision import supervision  # noqa: E402
from bot.digest.worker import monday_lists  # noqa: E402
from bot.policy.cases import Case, read  # noqa: E402
from bot.policy.due import judge, visits  # noqa: E402
from bot.policy.explain import explain  # noqa: E402
from bot.policy.explained import in_words  # noqa: E402
from bot.policy.judgement import Judgement  # noqa: E402
from bot.policy.pack import Pack  # noqa: E402
from bot.policy.worktime import OwnDays  # noqa: E402
from bot.rendering.entry import body_text  # noqa: E402
from bot.rendering.mail import MailWords, manager_digest, worker_list  # noqa: E402
from bot.rendering.notice import notice, welcome  # noqa: E402
from bot.rendering.papers import making  # noqa: E402
from bot.run.snapshot import load_packs, pack_names  # noqa: E402
from marked import fill  # noqa: E402 - found by the line above

RULES = REPO / "rules"
PAGE = REPO / "docs" / "policies.md"
PLACES = (
    "reminder",
    "Monday list",
    "digest",
    "notice",
    "welcome",
    "preparation sheet",
    "write-up",
    "supervision sheet",
    "family papers",
    "`explain`",
)
WORDS = MailWords("Wrong? Tell your manager.", "")
NAMES = ("child_id", "worker_id", "buddy_id", "manager_id", "household_id", "visit_id")
MANAGER = "the-manager"


def main() -> None:
    """Write the page."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def filled(page: str) -> str:
    """The page with the table as it should be."""
    return fill(page, "clauses", table())


def table() -> str:
    """Every clause of every pack of rules/."""
    cases = all_cases()
    written = cases_of(cases)
    places = shown(cases)
    total = sum(len(of) for of in cases.values())
    lines = [f"{total} cases stand beside the packs; a case may show more than one clause."]
    for name in packs_by_letter():
        pack = one(name)
        lines += [
            "",
            f"**{name}**: {pack.title}",
            "",
            "| clause | says | cases | shows in |",
            "|---|---|---|---|",
        ]
        for id_, says in ids_of(pack).items():
            of = "; ".join(
                f"[{count} in {file}](../rules/cases/{file}.yaml)"
                for file, count in written.get(id_, {}).items()
            )
            found = ", ".join(place for place in PLACES if id_ in places[place])
            lines.append(f"| {id_} | {says} | {of} | {found} |")
    return "\n".join(lines)


@cache
def one(name: str) -> Pack:
    """A pack of rules/."""
    return load_packs((name,), RULES)[0]


def packs_by_letter() -> list[str]:
    """The packs in the order of their clauses' letters; the law, whose ids are words, comes last."""
    return sorted(pack_names(RULES), key=lambda name: (one(name).law, one(name).clauses[0].id))


def ids_of(pack: Pack) -> dict[str, str]:
    """Each id that a reader can meet, in words: of a staged clause its stages."""
    found = {}
    for clause in pack.clauses:
        stages = {step.id for clock in clause.clocks for step in clock.steps if step.id}
        found |= {id_: says for id_, says in clause.every_id.items() if not stages or id_ in stages}
    return found


def all_cases() -> dict[str, tuple[Case, ...]]:
    """Each file's cases, by its name."""
    files = sorted((RULES / "cases").glob("*.yaml"))
    return {file.stem: read(file.read_text(encoding="utf-8"), file.name) for file in files}


def cases_of(cases: Mapping[str, Sequence[Case]]) -> dict[str, dict[str, int]]:
    """How many cases each clause id has in each file."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for file, of in cases.items():
        for case in of:
            for id_ in case.clauses:
                found[id_][file] = found[id_].get(file, 0) + 1
    return found


def shown(cases: Mapping[str, Sequence[Case]]) -> dict[str, set[str]]:
    """The clause ids that each place was found to show."""
    ids = [id_ for name in pack_names(RULES) for id_ in ids_of(one(name))]
    places: dict[str, set[str]] = {place: set() for place in PLACES}
    wanting = set(ids)
    for names, today, closures, of in _together(case for group in cases.values() for case in group):
        packs = [one(name) for name in names]
        known = _joined(of)
        judgement = judge(known, packs, today, OwnDays(closures))
        of_all = gather(visits(judgement), judgement, known, today, "number")
        mine = set(ids) & set(judgement.says)  # a paper may name another council's good practice too
        for place, text in chain(
            _rendered(judgement, known, today),
            _told(of_all, judgement, known, packs),
            _welcomed(of_all, judgement, known, packs),
            _on_paper(of_all, judgement, known, packs),
        ):
            places[place] |= {id_ for id_ in mine - places[place] if stands_in(id_, text)}
        for number, case in enumerate(of):
            if wanting & set(case.clauses):
                text = _explained(judgement, known, packs, number)
                places["`explain`"] |= {id_ for id_ in wanting if stands_in(id_, text)}
                wanting -= places["`explain`"]
    return places


def stands_in(id_: str, text: str) -> bool:
    """Whether the id stands in the text as a word of its own: A.1 not in A.10, nor in CA.1."""
    return id_ in text and re.search(rf"(?<![\w.]){re.escape(id_)}(?!\w|\.\w)", text) is not None


def _together(
    cases: Iterable[Case],
) -> Iterator[tuple[tuple[str, ...], date, tuple[date, ...], list[Case]]]:
    """Cases of the same packs on the same day: one judging serves them all."""
    groups: dict[tuple[tuple[str, ...], date, tuple[date, ...]], list[Case]] = defaultdict(list)
    for case in cases:
        if case.own is None:
            groups[case.packs, case.today, case.closures].append(case)
    for (packs, today, closures), of in groups.items():
        yield packs, today, closures, of


def _joined(cases: Sequence[Case]) -> Caseload:
    """One caseload of many: every person's id is marked with the number of its case, and has a manager."""
    frames = {}
    for field in fields(Caseload):
        parts = [getattr(case.caseload, field.name) for case in cases]
        if isinstance(parts[0], pl.DataFrame):
            frames[field.name] = pl.concat([_marked(frame, number) for number, frame in enumerate(parts)])
    episodes = frames["episodes"].with_columns(episode=pl.int_range(pl.len(), dtype=pl.UInt32))
    everyone = pl.concat([episodes["worker_id"], frames["visits"]["worker_id"]]).drop_nulls().unique()
    workers = frames["workers"]
    strangers = everyone.filter(~everyone.is_in(workers["worker_id"].implode())).sort().to_list()
    added = pl.DataFrame(
        [{"worker_id": id_, "email": f"{id_}@example.gov.uk", "role": "social_worker"} for id_ in strangers]
        + [{"worker_id": MANAGER, "email": "manager@example.gov.uk", "role": "manager"}],
        schema=workers.schema,
    )
    workers = pl.concat([workers, added]).with_columns(
        manager_id=pl.when(pl.col("worker_id") != MANAGER).then(pl.lit(MANAGER)),
        name=pl.coalesce("name", "worker_id"),
    )
    return replace(cases[0].caseload, **{**frames, "episodes": episodes, "workers": workers})


def _marked(frame: pl.DataFrame, number: int) -> pl.DataFrame:
    there = [name for name in NAMES if name in frame.columns]
    return frame.with_columns(pl.format("K{}-{}", pl.lit(number), pl.col(name)).alias(name) for name in there)


def _rendered(judgement: Judgement, known: Caseload, today: date) -> Iterator[tuple[str, str]]:
    """What people get, as text, with the name of the place."""
    owed = visits(judgement)
    diaries = wanted(judgement, owed, known, DiaryRules(key_secret=b"no secret: nothing is sent"), today)
    for entries in diaries.entries.values():
        for entry in entries:
            yield "reminder", body_text(entry.body)
    for value in monday_lists(owed, judgement, known, today, names="number"):
        yield "Monday list", worker_list(value, WORDS).text
    for digest in weeklies(owed, judgement, known, today, names="number"):
        yield "digest", manager_digest(digest, WORDS).text


def _told(
    of_all: Known, judgement: Judgement, known: Caseload, packs: Sequence[Pack]
) -> Iterator[tuple[str, str]]:
    """Everything that anybody is told of when it happens, as mails."""
    today = judgement.today
    found, _ = causes(Facts(of_all, known, judgement, packs, ahead=5, allowed=lambda _: True))
    now = datetime.combine(today, time(7))
    open_ = sort_out(found, (), Seal(b"no secret: nothing is sent"), now, works_today=True)
    for letter in letters(open_, (), now, timedelta(hours=1)).letters:
        yield "notice", notice(mail_of(of_all, letter.to.person, letter), WORDS).text


def _welcomed(
    of_all: Known, judgement: Judgement, known: Caseload, packs: Sequence[Pack]
) -> Iterator[tuple[str, str]]:
    """What somebody new is given: it is the same whoever it is."""
    facts = Facts(of_all, known, judgement, packs, ahead=5, allowed=lambda _: True)
    value = mail_of(of_all, MANAGER, None, welcome_of(facts, MANAGER))
    yield "welcome", welcome(value, WORDS).text


def _on_paper(
    of_all: Known, judgement: Judgement, known: Caseload, packs: Sequence[Pack]
) -> Iterator[tuple[str, str]]:
    """The papers of every child and worker, as pages."""
    owed = visits(judgement)
    for child in known.children["child_id"]:
        sheet = sheet_for(of_all, child, owed, judgement, known, packs=packs)
        if sheet is not None:
            yield "preparation sheet", making.preparation_sheet(sheet)
            yield "write-up", making.write_up(sheet)
        if made := diary_of(child, owed, judgement, known, packs, names="number"):
            yield "family papers", making.agreement(made[0].agreement) + making.family_diary(made[0])
    for worker in of_all.held:
        yield "supervision sheet", making.supervision_sheet(supervision(of_all, worker))


def _explained(judgement: Judgement, known: Caseload, packs: Sequence[Pack], number: int) -> str:
    """Why the children of one case are owed what they are; what asks for nothing is left out."""
    mine = known.children.filter(pl.col("child_id").str.starts_with(f"K{number}-"))["child_id"]
    found = [explain(known, packs, judgement, child) for child in mine]
    return "\n".join(in_words(replace(told, not_asked=())) for told in found)


if __name__ == "__main__":
    main()
