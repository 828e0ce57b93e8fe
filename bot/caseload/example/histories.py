"""The visits of the example: a believable rhythm, and what went wrong lately in some families."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from bot.caseload.example import words
from bot.caseload.example.calendar import FULL_TIME, back_to_work, on_to_work
from bot.caseload.example.families import Child, Family
from bot.caseload.example.plans import days, missing_dates, own_frequency

# A feature that is an attempt after the last visit: when, and with what.
_ATTEMPTS: dict[str, tuple[tuple[int, str], ...]] = {
    "failed": ((1, "failed"),),
    "failed_twice": ((5, "failed"), (1, "failed")),
    "brief": ((1, "brief"),),
    "unseen": ((1, "unseen"),),
    "postponed": ((1, "postponed"),),
    "postponed_planned": ((1, "postponed_planned"),),
    "cancelled": ((1, "cancelled"),),
    "unrecorded": ((1, "scheduled"),),
}


@dataclass(frozen=True, slots=True)
class Outing:
    """One time somebody went, or was to go, to a family: alike for all its children but in what they did."""

    day: date
    status: str = "completed"
    kind: str = "visit"
    channel: str = "in_person"
    seen: bool = True
    brief: bool = False
    at_home: bool = True
    announced: bool = True
    finalised: bool = True
    alone: str = ""
    """How the seen-alone box reads, where that is told (``blank`` for left open)."""
    by_other: bool = False
    setting: str = ""
    planned_for: str = ""
    notified_on: str = ""


def outings(rng: Random, family: Family, child: Child, today: date) -> list[Outing]:
    """Everything that happened and is planned for a family, in order of days."""
    seen, following = _rhythm(rng, family, child, today)
    attempts = [
        _attempt(kind, back_to_work(today - days(ago)), today)
        for ago, kind in _ATTEMPTS.get(family.lately, ())
    ]
    if attempts:
        seen = [day for day in seen if day < attempts[0].day]
    happened = _with_noise(rng, family, seen, today)
    happened = _lately(family, happened)
    if family.has("away_abroad"):
        happened.append(Outing(back_to_work(today - days(2)), kind="contact", channel="video", at_home=False))
    if family.has("asked_met"):
        happened.append(Outing(back_to_work(today - days(1))))
    if family.has("missing_over") and (missing := missing_dates(family, today)):
        back = on_to_work(date.fromisoformat(missing[1][:10]))
        happened += [Outing(back), Outing(back + days(1), kind="return_interview", at_home=False)]
    if family.has("declined"):
        happened.append(Outing(back_to_work(today - days(30)), "failed", "contact", "phone", seen=False))
    happened += attempts
    if (
        rng.random() < 0.45
        and not (family.has("unrecorded") or family.has("away_abroad"))
        and not family.overdue_by
    ):
        happened.append(Outing(max(today, following), "scheduled"))
    elif family.overdue_by and rng.random() < 0.3:
        happened.append(Outing(on_to_work(today + days(2), family.worker.days), "scheduled"))
    return sorted(happened, key=lambda outing: outing.day)


def _rhythm(rng: Random, family: Family, child: Child, today: date) -> tuple[list[date], date]:
    """The days of the counted visits before today, and the day of the next."""
    kind, start = family.kind, family.start
    frequency = own_frequency(family)
    own = frequency[2] if frequency else None
    contacts = kind.name == "care_leaver" and child.age(today) >= 20
    at_work = family.worker.days
    seen: list[date] = []
    day = start + days(rng.randint(*kind.first))
    if kind.first[1]:
        day = on_to_work(day, at_work if kind.first[1] > 2 else FULL_TIME)
    while day < today:
        seen.append(day)
        gap = own or (170 if contacts else kind.gap((day - start).days))
        following = back_to_work(day + days(int(gap * (0.72 + 0.27 * rng.random()))), at_work)
        day = following if following > day else back_to_work(day + days(gap))
        day = day if day > seen[-1] else seen[-1] + days(1)
    if family.overdue_by:
        gap = own or (182 if contacts else kind.gap((today - start).days))
        cut = back_to_work(today - days(gap + kind.slack + family.overdue_by))
        seen = [each for each in seen if each < cut]
        if cut > start:
            seen.append(cut)
    return seen, day


def _attempt(kind: str, day: date, today: date) -> Outing:
    if kind == "brief":
        return Outing(day, brief=True)
    if kind == "unseen":
        return Outing(day, seen=False)
    if kind == "postponed":
        return Outing(day, "postponed", seen=False, notified_on=str(day))
    if kind == "postponed_planned":
        return Outing(day, "postponed", seen=False, planned_for=str(on_to_work(today + days(1))))
    return Outing(day, kind, seen=False)


def _with_noise(rng: Random, family: Family, seen: Sequence[date], today: date) -> list[Outing]:
    """Counted visits with the failed, postponed and further ones that come in between."""
    happened: list[Outing] = []
    contacts = family.kind.name == "care_leaver"
    unannounced, at_least_every = family.start, days(50 if family.kind.families else 150)
    for index, day in enumerate(seen):
        chance = rng.random()
        if chance < 0.07 and index:
            status = "failed" if chance < 0.04 else "postponed" if chance < 0.055 else "cancelled"
            happened.append(Outing(back_to_work(day - timedelta(days=1)), status, seen=False))
        setting = family.settings[index % len(family.settings)]
        kind, channel = ("contact", "phone") if contacts and chance > 0.85 else ("visit", "in_person")
        announced = day - unannounced < at_least_every and not 0.6 < chance < 0.66
        unannounced = unannounced if announced else day
        other = 0.3 < chance < 0.36
        outing = Outing(day, "completed", kind, channel, announced=announced, by_other=other, setting=setting)
        happened.append(outing)
        if family.kind.families and 0.5 < chance < 0.58 and (school := on_to_work(day + days(3))) < today:
            happened.append(Outing(school, at_home=False))
        if family.has("with_short_breaks") and index % 3 == 2 and day < today - days(3):
            happened.append(
                Outing(day + days(1), setting="SB-" + family.settings[0][3:], announced=index % 2 == 0)
            )
    return happened


def _lately(family: Family, happened: list[Outing]) -> list[Outing]:
    """The last visits as the family's particular feature has them."""
    if not happened:
        return happened
    last = happened[-1]
    if family.has("unfinalised"):
        happened[-1] = replace(last, finalised=False)
    elif family.has("alone_blank"):
        happened[-1] = replace(last, alone="blank")
    elif family.has("not_alone"):
        happened[-1] = replace(last, alone="no")
    elif family.has("by_others"):
        happened[-2:] = [replace(outing, by_other=True) for outing in happened[-2:]]
    return happened


def visit_cells(
    rng: Random, number: int, *, family: Family, child: Child, outing: Outing, today: date
) -> list[str]:
    """One row of visits.csv, in the order of its columns."""
    chance = rng.random
    worker = family.worker
    done = outing.status == "completed"
    sick = worker.sick_since is not None and outing.day >= worker.sick_since
    by = (worker.buddy_id or worker.worker_id) if (outing.by_other or sick) else worker.worker_id
    day = outing.day.isoformat()
    hour = 9 + int(chance() * 8)
    at = day if chance() < 0.05 else f"{day}T{hour:02d}:{15 * int(chance() * 4):02d}"
    announced = "" if outing.kind != "visit" else "yes" if outing.announced else "no"
    if not done:
        reason, access = _excuse(rng, outing.status)
        return [
            f"V{number}", child.child_id, at, outing.status, outing.kind, outing.channel,
            "no" if outing.status == "failed" else "", "", "", "", "", "", "", announced, "",
            reason, access, f"{day}T17:30" if outing.status == "failed" else "", by, outing.setting,
            outing.planned_for, outing.notified_on, "",
        ]  # fmt: skip
    young = (outing.day - child.born).days < 3 * 365
    home = outing.at_home and outing.channel == "in_person"
    finalised = outing.finalised and (outing.day < today - days(2) or chance() < 0.4)
    written = min(outing.day + days(int(chance() * 3)), today)
    return [
        f"V{number}", child.child_id, at, "completed", outing.kind, outing.channel,
        "yes" if outing.seen else "no",
        _alone(outing, young=young or not outing.seen, chance=chance()),
        "yes" if chance() < 0.9 else "no" if young else "",
        "yes" if chance() < 0.9 else "",
        "yes" if home else "no",
        "yes" if home and chance() < 0.6 else "no",
        "yes" if home and chance() < (0.8 if family.kind.name == "short_breaks" else 0.25) else "",
        announced,
        "yes" if outing.brief else "no" if chance() < 0.2 else "",
        "", "",
        f"{written.isoformat()}T17:{int(chance() * 60):02d}" if finalised else "",
        by, outing.setting, "", "",
        words.NEXT_PLANS[int(chance() * len(words.NEXT_PLANS))] if chance() < 0.15 else "",
    ]  # fmt: skip


def _alone(outing: Outing, *, young: bool, chance: float) -> str:
    if outing.alone:
        return "" if outing.alone == "blank" else outing.alone
    return "no" if young or chance > 0.9 else "yes"


def _excuse(rng: Random, status: str) -> tuple[str, str]:
    if status == "failed":
        reason = rng.choice(words.FAILED)
        return reason, "yes" if "refused" in reason else "no"
    if status in ("postponed", "cancelled"):
        return rng.choice(words.POSTPONED if status == "postponed" else words.CANCELLED), ""
    return "", ""


def visit_rows(rng: Random, family: Family, today: date, first_number: int) -> Iterator[list[str]]:
    """All rows of a family: each child's own, save that now and then one of several was out."""
    number = first_number
    shared = outings(rng, family, family.children[0], today)
    for child in family.children:
        for outing in shared:
            if outing.day < child.born and not child.unborn:
                continue
            out = len(family.children) > 1 and outing.status == "completed" and rng.random() < 0.02
            held = replace(outing, seen=False) if out else outing
            yield visit_cells(rng, number, family=family, child=child, outing=held, today=today)
            number += 1
