"""Children, their households and their plans: who they are and what has been decided for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from bot.caseload.example import words
from bot.caseload.example.calendar import on_to_work, years_before
from bot.caseload.example.kinds import KINDS, Kind
from bot.caseload.example.team import Row, Team, Worker


@dataclass(slots=True)
class Child:
    """One child of the example."""

    child_id: str
    born: date
    restricted: bool
    living_at_home: bool
    iro_email: str
    unborn: bool = False
    initials: str = ""

    def age(self, day: date) -> int:
        """Whole years on a day."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


@dataclass(slots=True)
class Family:
    """Children of one household with one plan and one worker, and what is particular about them."""

    household_id: str
    kind: Kind
    worker: Worker
    start: date
    lately: str
    standing: str
    overdue_by: int
    """Days that the last visit is late; 0: in time."""
    children: list[Child] = field(default_factory=list)
    settings: tuple[str, ...] = ("",)

    def has(self, feature: str) -> bool:
        """Whether this is particular about the family."""
        return feature in (self.lately, self.standing)


def make_families(rng: Random, team: Team, count: int, today: date) -> Iterator[Family]:
    """Families until there are so many children, every kind of plan in its share."""
    number = 0
    for kind, children in _numbers(count):
        workers = _workers_for(kind, team)
        sizes = _sizes(rng, kind, children)
        lately = _deck(rng, kind.lately, len(sizes), count)
        standing = _deck(rng, kind.standing, len(sizes), count)
        lateness = _lateness(rng, kind, lately, count)
        for i, size in enumerate(sizes):
            worker = workers[(i * 7 + len(kind.name)) % len(workers)]
            card = _Card(kind, worker, lately[i], standing[i], _days_late(rng, lateness[i]))
            family = _family(rng, card, f"H{10_000 + number // 2 + number}", today)
            for _ in range(size):
                family.children.append(_child(rng, family, number, team, today))
                number += 1
            yield family


def _numbers(count: int) -> list[tuple[Kind, int]]:
    """How many children of each kind; the largest takes what rounding leaves."""
    wanted = [(kind, max(1 if count >= 40 else 0, round(count * kind.share / 103))) for kind in KINDS]
    rest = count - sum(number for _, number in wanted)
    at = max(range(len(KINDS)), key=lambda i: KINDS[i].share)
    wanted[at] = (wanted[at][0], max(0, wanted[at][1] + rest))
    return wanted


def _workers_for(kind: Kind, team: Team) -> Sequence[Worker]:
    if kind.name == "early_help":
        return team.practitioners or team.visiting
    if kind.name == "care_leaver":
        return team.advisers or team.visiting
    return team.social_workers or team.visiting


def _sizes(rng: Random, kind: Kind, children: int) -> list[int]:
    sizes: list[int] = []
    while children > 0:
        size = min(children, rng.choice((1, 1, 1, 2, 2, 3)) if kind.families else 1)
        sizes.append(size)
        children -= size
    return sizes


def _deck(rng: Random, per_hundred: dict[str, int], families: int, count: int) -> list[str]:
    """What each family is dealt: shares hold exactly and, from 100 children up, nothing is wanting."""
    cards = [
        name
        for name, share in per_hundred.items()
        for _ in range(max(1 if count >= 100 else 0, round(families * share / 100)))
    ][:families]
    cards += [""] * (families - len(cards))
    rng.shuffle(cards)
    return cards


def _lateness(rng: Random, kind: Kind, lately: Sequence[str], count: int) -> list[str]:
    """Who is overdue: of the families to whom nothing else has happened lately, so that it is plain why."""
    free = [i for i, card in enumerate(lately) if not card]
    share = {"late": 7, "very_late": 2} if kind.share > 20 else {"late": 4} if kind.share > 5 else {}
    dealt = _deck(
        rng, {card: each * len(lately) // max(1, len(free)) for card, each in share.items()}, len(free), count
    )
    lateness = [""] * len(lately)
    for i, card in zip(free, dealt, strict=True):
        lateness[i] = card
    return lateness


def _days_late(rng: Random, card: str) -> int:
    if card == "late":
        return rng.randrange(1, 6)
    return rng.randrange(9, 35) if card == "very_late" else 0


_LONG_AGO = {
    "two_settings": 300,
    "with_short_breaks": 400,
    "permanent": 500,
    "approved": 90,
    "stepped_up": 60,
}


@dataclass(frozen=True, slots=True)
class _Card:
    """What a family has been dealt."""

    kind: Kind
    worker: Worker
    lately: str
    standing: str
    late: int


def _family(rng: Random, card: _Card, household: str, today: date) -> Family:
    kind = card.kind
    least, most = kind.lasts
    if card.standing == "new":
        least, most = 3, 20
    elif card.standing in _LONG_AGO:
        least, most = _LONG_AGO[card.standing], max(most, _LONG_AGO[card.standing] + 200)
    elif card.lately or card.standing or card.late:
        # Long enough for something to have gone wrong in it.
        least = max(least, min(most, 3 * kind.gap(most)))
    start = today - timedelta(days=rng.randint(least, max(least, most)))
    if kind.lasts[1] > 10 and start < today - timedelta(days=7):
        start = on_to_work(start, {0, 1, 2})
    settings = {
        "in_our_care": "FC",
        "short_breaks": "SB",
        "temporary_carer": "TC",
        "adoptive_placement": "AP",
    }
    prefix = settings.get(kind.name)
    setting = f"{prefix}-{rng.randrange(100, 999)}" if prefix else ""
    both = (setting, f"FC-{rng.randrange(100, 999)}x") if card.standing == "two_settings" else (setting,)
    return Family(household, kind, card.worker, start, card.lately, card.standing, card.late, settings=both)


def _child(rng: Random, family: Family, number: int, team: Team, today: date) -> Child:
    youngest, oldest = family.kind.ages
    if family.kind.name == "care_leaver":
        # Pathway plans run from 18; most are under twenty, some near twenty-five.
        youngest, oldest = ((18, 19) if rng.random() < 0.6 else (20, 24)) if not family.standing else (20, 24)
    born = years_before(today, rng.randint(youngest, oldest)) - timedelta(days=rng.randrange(1, 364))
    unborn = family.has("unborn") and not family.children
    if unborn:
        born = today + timedelta(days=50)
    born = min(born, family.start - timedelta(days=20)) if not unborn else born
    initials = f"{rng.choice(words.INITIALS)}.{rng.choice(words.INITIALS)}."
    reviewed = family.kind.name not in (
        "referral",
        "early_help",
        "section_47",
        "child_in_need",
        "care_leaver",
    )
    return Child(
        str(20_000 + number * 3 + rng.randrange(3)),
        born,
        restricted=number % 60 == 17,
        living_at_home=family.kind.at_home and rng.random() > 0.04,
        iro_email=team.iro_emails[number % len(team.iro_emails)] if reviewed else "",
        unborn=unborn,
        initials="" if unborn else initials,
    )


def child_row(family: Family, child: Child) -> Row:
    """What children.csv says."""
    return {
        "child_id": child.child_id,
        "initials": child.initials,
        "date_of_birth": str(child.born),
        "household_id": family.household_id,
        "living_at_home": "yes" if child.living_at_home else "no",
        "iro_email": child.iro_email,
        "restricted": "yes" if child.restricted else "",
    }
