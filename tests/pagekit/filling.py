"""What stands in the small council's diaries and inboxes on a Monday morning."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from pagekit.council import AISHA, BEN, BOT, MANAGER, TODAY, Council

# A blue picture, 12 by 4.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAwAAAAECAIAAAA1REndAAAAEUlEQVR42mOQj55HEDHQVxEAFqU0gWVXYzEAAAAASUVORK5CYII="
PDF = "JVBERi0xLjQKJSVFT0YK"

VISIT, CP, TYPE_UP, MINUTES = "Visit due", "CP visit due", "Type up", "Minutes from others"
WHY = """<h3>{heading}</h3><p><strong>B.1</strong> At least every 10 working days: counted from the visit on
Fri 20 Nov 2026.</p><p><strong>A.3</strong> Every four weeks.</p><ul><li>See the child alone</li><li>See the
bedroom</li><li>Come unannounced this time</li></ul><p>Risk at the address: a dog. Go with somebody.</p>
<p>No access? Call Cecilia Lindqvist, 01632 960 017.</p><hr><p>Wrong? Tell the duty desk.</p>"""
CELL = 'style="text-align:left;border-bottom:2px solid #0b0c0c"'
DIGEST = f"""<div style="font-family:Arial,sans-serif;background:#ffffff;color:#0b0c0c;max-width:640px">
<h1 style="font-size:24px">Your visits this week</h1><p>Good morning. <b style="color:#a4262c">2 overdue</b>,
4 due this week, 3 next week.</p><img src="cid:chart" alt="Four bars: visits by week" width="240" height="80">
<table style="border-collapse:collapse;width:100%">
<tr><th {CELL}>Due</th><th {CELL}>Child</th><th {CELL}>Needs</th></tr>
<tr><td style="padding:8px 0">Fri 27 Nov</td><td>J.S. 20417</td><td>alone, bedroom</td></tr>
<tr><td style="padding:8px 0">Mon 30 Nov</td><td>K.O. 20388</td><td>alone</td></tr></table>
<p><a href="https://northdale.example/how">How these dates are worked out</a></p></div>"""


def fill(council: Council) -> Council:
    """Two weeks behind and three ahead of one worker, and the mails of a Monday."""
    for box in (AISHA, BEN):
        for name, colour in ((VISIT, "preset3"), (CP, "preset0"), (TYPE_UP, "preset1"), (MINUTES, "preset7")):
            council.tenant.mailbox(box).add_category(name, colour)
    due = [
        (4, "J.S. 20417", CP), (7, "K.O. 20388", VISIT), (3, "A.M. 20219", VISIT), (3, "L.M. 20220", VISIT),
        (9, "P.D. 20551", CP), (11, "T.W. 20102", VISIT), (16, "R.H. 20607", VISIT), (11, "Z.F. 20333", CP),
        (2, "N.B. 20115", VISIT), (21, "E.G. 20490", VISIT), (24, "H.K. 20264", VISIT),
    ]  # fmt: skip
    for ahead, child, category in due:
        on = TODAY + timedelta(days=ahead)
        before = on - timedelta(days=3 if on.weekday() == 0 else 1)
        subject = f"Visit due {on:%a} {on.day} {on:%b} · {child}"
        body = WHY.format(heading=subject)
        council.entry(AISHA, subject, before, categories=(category,), rings=0, body=body)
        council.entry(AISHA, f"{subject} (day)", on, None, categories=(category,), body=body)
    late = council.tenant.clock.today()
    for child, days_late in (("M.A. 20071", 3), ("O.T. 20143", 1)):
        subject = f"{days_late} day{'s' if days_late > 1 else ''} late · {child}"
        council.entry(
            AISHA,
            subject,
            late,
            categories=(CP if days_late == 3 else VISIT,),
            rings=0,
            body=WHY.format(heading=subject),
        )
    council.entry(AISHA, "Type up visit of Thu 19 Nov · C.N. 20377", late, categories=(TYPE_UP,), rings=0)
    council.entry(
        AISHA,
        "Seen Thu 19 Nov · C.N. 20377",
        date(2026, 11, 19),
        categories=(),
        body=WHY.format(heading="Seen"),
    )
    council.entry(AISHA, "Seen Tue 17 Nov · V.L. 20299", date(2026, 11, 17), categories=())
    council.entry(
        AISHA,
        "Core group, Elm Road",
        date(2026, 11, 24),
        "10:30",
        minutes=90,
        shows="busy",
        private=False,
        rings=15,
    )
    council.entry(
        AISHA,
        "Supervision with Cecilia",
        date(2026, 11, 25),
        "14:00",
        minutes=60,
        shows="tentative",
        private=False,
    )
    council.entry(AISHA, "Court", date(2026, 11, 26), "09:30", minutes=210, shows="busy", private=False)
    council.entry(AISHA, "Annual leave", date(2026, 12, 21), None, days=5, shows="oof", private=False)
    council.entry(BEN, "Visit due Wed 25 Nov · U.V. 20808", date(2026, 11, 24), categories=(VISIT,), rings=0)
    chart = {"chart": PNG}
    council.mail(AISHA, "Your visits: 2 overdue, 4 this week", DIGEST, pictures=chart)
    council.mail(
        AISHA,
        "Your visits: 4 this week",
        DIGEST,
        at=datetime(2026, 11, 16, 7, 30, tzinfo=UTC),
        pictures=chart,
    )
    council.mail(
        MANAGER,
        "Team at a glance: 3 visits overdue",
        DIGEST,
        pictures=chart,
        files={"Team, week 48.pdf": ("application/pdf", PDF)},
    )
    council.mail(
        BOT,
        "Your visits: 2 overdue, 4 this week (sent)",
        DIGEST,
        folder="sentitems",
        to=AISHA,
        pictures=chart,
    )
    return council
