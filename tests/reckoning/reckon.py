"""The dues of a caseload folder, reckoned from the policies alone.

    from reckoning import reckon
    reckon.due(folder, ["short-guide", "measures-of-practice"], date(2026, 6, 1))

Where to find what: `reading` the folder · `worktime` days, act by, remind · `counting` which visits count ·
`pack_a` to `pack_f` what each pack owes · `own` the child's own frequency, requests · `musts` · `concerns` ·
`group` the objects. Written without sight of the engine it is held against.

Sentences that can be read more than one way, and the reading taken here
=========================================================================

Reading the folder (CONTRACT.md)
 1. "dates `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`", "yes/no as `yes`/`no`": exactly so; seconds, `Yes`, `y` and
    ` 5  weeks` are unreadable. Spaces around a cell are dropped. Any date may carry a time.
 2. "`agreed_every` (`5 working days`, `2 weeks`, `3 months`)": a number from 1 to 999 and day(s), working
    day(s), week(s), month(s) or year(s).
 3. Visit `kind` "(`visit`, `contact`, …)", not starred: blank is `visit`.
 4. Duplicates (the first readable one is kept): children, workers, visits by id. Two episodes are never
    one. A row of a child not in children.csv is set aside. So is an absence of an unknown
    worker; a worker without e-mail is set aside, hence unknown.
 5. An episode's `end` before its `start` cannot be right: the end is ignored. An absence of worker or family
    that ends before it starts holds no day. A planned absence without an end goes on, like an unplanned one.
 6. "anything done and dated today has happened": `decision_at`, `referrer_told_at`, `finalised_at`,
    `first_contact`, `refused_on`, `asked_on`, `recorded_on`, `manager_told_on`, `returned_at`,
    `support_declined_on` dated after today have not happened yet. Review, approval and hearing are plain
    dates: they are compared with the due date whether past or to come.

Time
 7. "counted in hours where the data give a time of day": hours that really pass; over a change of clocks
    48 h from 10:00 ends at 11:00 or 9:00.
 8. "clamped to the end of the month": birthdays too, so 29 February's is 28 February in a common year.
 9. "Two on one day with no times: the completed one is the later": one without a time stands at the start of
    its day if it was not completed, at its end if it was.
10. "Before its start and after its end an episode owes nothing": measured by today; a due date that falls
    after a planned end is still owed until the end.
11. "`cover_id` (the buddy, or null)": the buddy of the absence that holds the day to act by, else of the
    first absence between today and due, else the worker's usual one. A buddy who is away too stays named.
    For a `restricted` child it is null ("where a clause would tell the IRO or a buddy, the manager gets the
    notice").
12. `due_at`: only of a clause that governs.

Visits, episodes and clauses
13. "those of no one episode … stand on the child's earliest visit object": of whatever setting, but for
    D.13's gap ("on the object with setting null"). With no visit owed they make one, for the worker of the
    earliest-started open episode that a chosen pack covers.
14. "A counted visit closes the first open stage": each counted visit, also two on one day.
15. "The child's own frequency … is a clause of its own from the same anchor": it runs in every open episode
    of a covered kind, also when the pack's own clause there is closed (A.1, D.2b) or over (D.12 at 25);
    its anchor is the last visit counted for that episode under that pack, none yet the start (D.1b, D.12b:
    that clause's anchor, and kind). It is measured against that pack's clause on that episode.
16. "a longer `agreed_every` is taken with `lower_frequency_agreed_on` set (D.5d …)": only where the
    clause's own conditions hold (D.5d: permanence too; after the first year; D.7c: reason `review`), by the
    rule for events, the event being the later of the agreement and `agreed_from`; longer means than the
    usual 6 weeks (D.9c: 4 weeks). Until `agreed_from` D.5d, D.7c and D.10c stand at 3 months where a lower
    frequency is agreed, and a longer one that is no later than these runs beside them as D.0. One that is
    not longer is D.0 beside the clause; in D.7c and D.9c, which go by what was set, the clause has that
    date too.
17. "A one-off request": a request asked before the plan is owed as well. A contact while away (B.9) does not
    close it.
18. "Musts by age": a must shows if it applies on any day from today to due; before the birth neither side's
    does. Unknown date of birth: A.6 both, B.5 awake and observed; A.8d ("aged 3 or over on the day") is not
    raised.
19. Musts "of every visit" show on the objects that hold a clause of that pack, not on another worker's visit
    owed under another pack only. A.0's `at_home` on all of those, A.3's where A.3 is listed, C.2's with C.1,
    D.4b's with D.4b only (not on the first visit, D.4a).
20. "Limit musts … the governing interval": several governing: the one that gives the earliest date. Where
    one-off clauses govern: all recurring visit clauses of the child, and those that follow the governing.
21. D.6d "1 year": met by a visit counted in any open episode the pack covers, in any setting.
22. `clauses`: every different (id, due), sorted by due, then id; two requests show twice. Concerns are
    sorted by id, each id once.

Pack A
23. A.0 "two running since the worker was allocated": the last two counted visits of the episode, both by a
    known other worker; blank `worker_since`: since the episode's start.
24. A.7 "no counted visit since" and "until a counted visit on or after the day it was to be" are one test.
25. A.4, A.7, A.8, A.9 look at rows of kind `visit` on days of open covered episodes, any counted visit there,
    at home or not (only A.1 to A.3 ask for home).
26. A.8b "the last day seen, anywhere": seen in a visit that counts, wherever it was held; not by video.
27. A.8c "the latest attempt": the latest row that did not count (failed, unseen, postponed, cancelled),
    with no counted visit after it.
28. A.8d: `seen_alone` blank is not seen alone.
29. A.9: the concern stands until the row is changed; a later visit does not close it.

Pack B
30. B.4, B.6 "the previous counted visit": in any open covered episode. One before the birth does not make
    `alone` a must (it was not asked).
31. B.7 "never later than the other clauses say": at most the earliest visit due date of the child under
    all chosen packs, limits and requests included. The same dates are "the other clauses' due date" of
    B.8's concern.
32. "only the latest attempt since the last counted visit sets the date": a postponed or cancelled row of a
    coming day is later than a failed one of yesterday. Replanned, it is owed nothing, and the failed one
    does not come back. B.8's concern is of that attempt too.
33. B.8 "a `planned_for` … of today or later": the row's own; "a `scheduled` row": any, of kind `visit`.
34. B.9 "a concern before it starts" says not to whom: the worker. "`kind` is `contact` when the later of due
    and today lies in the absence": due of pack B's clauses on the object; another pack's stay a visit.
    Requests and retries (B.3, B.7, B.8) turn with them. "contact (video or phone)": kind `contact`.

Pack C
35. C.3 "to the manager one working day later": later than the first overdue day. A visit without a worker is
    for the plan's, of several the newest.
36. C.4 "the worker is told *which* box is wanting": text on the reminder, not a concern.
37. C.8a "Manager told" and "No buddy named is a concern": one concern to the manager while the later of due
    and today lies in a planned absence, until `manager_told_on` is set and (before it starts) a buddy named.
38. C.8b "visits due that day … stay on the manager's list until covered": due today or overdue, on each day
    of an unplanned absence.
39. C.8e goes to the manager. "planned past due": the earliest plan of today or later (scheduled row, or
    `planned_for`) is after due. "away over the whole remaining window": no day at work in it, for whatever
    reason (a weekend too: nobody will make the visit). None counted yet: asked on or after the plan's start.

Pack D
40. D.1b "from the first contact": the earliest of `first_contact` and any completed contact or visit.
41. D.5e, D.13 with a blank setting: the visit's setting is not known, so none is there; a placement with a
    blank setting is not a different one. D.6 runs beside D.5e. Private fostering is no placement for D.13.
42. D.9b "both filled: the earlier"; only the other kind's filled: it ends nothing.
43. D.11: visits count on or after the return day whether or not in an episode. A failed interview without a
    reason does not close it.
44. D.12b "none yet": a completed contact before the 20th birthday is one. D.12c "counts attempts": failed
    contacts or visits on or after `support_declined_on`.
45. D.13 "none yet: from the placement's start": the setting's earliest; over all, the earliest of them.
46. `kind` `concern`: the worker is that of the earliest-started open episode, covered or not; act_by and
    cover as for anything due today. Of two that start on one day the earlier by the time, where a bare date
    is the start of its day; still alike, the one that stands first.
"""

from datetime import date
from pathlib import Path

from reckoning.group import objects, order
from reckoning.reading import read_cases

LETTERS = {
    "short-guide": "A",
    "visiting-policy": "B",
    "cp-statutory-visits": "C",
    "measures-of-practice": "D",
    "ddscp-home-visits": "E",
    "england-statutory": "F",
}


def due(folder: Path, packs: list[str], today: date) -> list[dict]:
    """Exactly the objects of `due --json`."""
    letters = "".join(sorted({LETTERS[pack] for pack in packs}))
    rows = [row for case in read_cases(Path(folder), today) for row in objects(case, letters, today)]
    return sorted(rows, key=order)
