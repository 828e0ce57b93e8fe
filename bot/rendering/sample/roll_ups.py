"""Invented roll-ups: of a service manager, of one with an own team beside it, of one whom nobody names."""

from __future__ import annotations

from dataclasses import replace

from bot.digest.in_time import NO_TREND, Kept
from bot.digest.owed import Week
from bot.digest.raised import grouped
from bot.digest.roll_up import RollUp, RollUpLine
from bot.digest.standing import Standing
from bot.rendering.sample.digests import manager_digests
from bot.rendering.sample.visits import TODAY, concern, twelve_weeks


def roll_ups() -> tuple[RollUp, ...]:
    """Teams behind, services with an own team beside them and a circle, and nothing at all."""
    harbour = Standing(
        teams=1,
        workers=5,
        children=_children(0, 61),
        overdue=6,
        oldest_days=6,
        due=14,
        not_recorded=7,
        concerns=_concerns(0, 9),
        without_cover=1,
        unheld=_children(80, 81),
        kept=Kept(50, 8, 4, 6),
    )
    moorside = Standing(
        teams=1,
        workers=4,
        children=_children(60, 72),
        due=5,
        concerns=_concerns(9, 10),
        kept=Kept(38, 2, 1, 1),
    )
    empty = Standing(teams=0)
    nobodys = Standing(
        workers=1,
        children=_children(90, 94),
        overdue=2,
        oldest_days=11,
        due=1,
        not_recorded=3,
        concerns=_concerns(20, 22),
        without_cover=1,
        unheld=_children(92, 94),
        kept=Kept(2, 1, 0, 1),
    )
    full = RollUp(
        worker_id="S1",
        name="Dilys Coyle",
        email="dilys.coyle@council.example",
        today=TODAY,
        week=Week.of(TODAY),
        lines=(
            RollUpLine("M1", "Grace Adeyemi", "Harbour", harbour),
            RollUpLine("M2", "Tomasz Ashdown", "Moorside", moorside),
            RollUpLine("M3", "Bola Hart", "", empty),
        ),
        whole=harbour + moorside,
        no_team=nobodys,
        trend=twelve_weeks(),
        concerns=grouped((concern("J.S. 20417", "Amira Khan"), concern("O.G. 20127", ""))),
        unlisted=1,
        circle=False,
        warnings=("visiting-policy was due for review by 31 Jul 2020 (B.13).",),
    )
    both = replace(
        full,
        lines=(
            RollUpLine("S1", "Dilys Coyle", "", harbour),
            RollUpLine("S2", "Owen Iqbal", "North", moorside + Standing(teams=2, unheld=_children(81, 82))),
        ),
        whole=harbour + moorside + Standing(teams=2, unheld=_children(81, 82)),
        circle=True,
        own=manager_digests()[0],
    )
    quiet = replace(
        full,
        lines=full.lines[2:],
        whole=empty,
        no_team=Standing(),
        trend=NO_TREND,
        concerns=(),
        unlisted=0,
        warnings=(),
    )
    return (full, both, quiet, replace(quiet, lines=()))


def _children(first: int, end: int) -> frozenset[str]:
    return frozenset(f"20{number:03}" for number in range(first, end))


def _concerns(first: int, end: int) -> frozenset[tuple[str, str]]:
    return frozenset((f"20{number:03}", "A.8a") for number in range(first, end))
