"""Invented texts of an entry."""

from __future__ import annotations

from bot.diary.entry import Body, Clause
from bot.rendering.sample.visits import TODAY


def entry_bodies() -> tuple[Body, ...]:
    """An entry with everything to say, and one with as little as can be."""
    why = tuple(
        Clause(
            name, "a child is seen at least every 2 weeks", "2 weeks after the visit", TODAY, name == "B.1"
        )
        for name in ("B.1", "C.0")
    )
    full = Body(
        heading="Visit due Mon 23 Nov 2026",
        child="J.S. 20417",
        why=why,
        must=("See the child alone for part of the visit",),
        risk=("Dog loose in the garden",),
        siblings_owed=2,
        if_no_access="Try again by Wed 25 Nov.",
        call=("Manager: Grace Adeyemi",),
        cover="Sam Okoro covers",
        wrong="Wrong? Tell your manager.",
        sheet="Ask your manager for them, with number 20417.",
        sheet_link="https://council.example/sheets/W1/visit-sheet-0a1b2c3d.pdf",
        where="Foster home",
        note="The record of the visit of Thu 19 Nov is not finished.",
        not_counted=("The visit of Tue 10 Nov does not count for B.1: it was by video.",),
    )
    return (full, Body("Seen", "", (), (), (), 0, "", (), "", "Wrong?"))
