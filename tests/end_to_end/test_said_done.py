"""The recording clock from a colour taken out in Outlook to the Monday list and the manager's digest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from keepkit.people import Office

FRIDAY = date(2026, 11, 20)
MONDAY = FRIDAY + timedelta(days=3)


def test_c3_a_colour_taken_out_is_in_the_lists_as_said_to_be_done_with_the_hours_over(
    council: Callable[..., object],
) -> None:
    here = council(FRIDAY, children=40, packs=("cp-statutory-visits",))
    here.run(FRIDAY)
    office = Office(here.running)
    worker = {row["worker_id"]: row["email"] for row in here.table("workers")}
    boxes = [box for box in worker.values() if any(e.ours and not e.all_day for e in office.events(box))]
    entry = next(e for e in office.events(boxes[0]) if not e.all_day and e.categories[0].startswith("Visit"))
    office.take_colour_out(entry)
    here.run(FRIDAY)
    (orange,) = [
        e for e in office.events(boxes[0]) if "Type up" in e.categories and "by Sun 22 Nov" in e.subject
    ]
    assert orange.subject.split(" · ")[1] in entry.subject
    report = here.run(MONDAY)
    assert report.errors == ()
    lists = [str(mail["body"]["content"]) for mail in here.mails(boxes[0])]
    (text,) = [one for one in lists if "NOT YET RECORDED" in one]
    assert "not yet recorded: the time to record it ended" in text
    assert "(C.3)" in text
    managers = {row["manager_id"] for row in here.table("workers") if row["email"] == boxes[0]}
    digests = [str(mail["body"]["content"]) for one in managers for mail in here.mails(worker[one])]
    assert any("Said to be done, not yet recorded: 1" in digest for digest in digests)
    (late,) = [e for e in office.events(boxes[0]) if e.id == orange.id]
    assert "1 day late" in late.subject
    assert here.writes_of(lambda: here.run(MONDAY)) == 0
