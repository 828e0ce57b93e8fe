"""Every kind of mail, whole: whoever changes a word or a place sees all that changes.

Of invented values, which reach every branch of a template; and of the example caseload, read, judged, told
and rendered by one run of the bot a day: what a team would really get on a Monday, and on the day after.

``GOLDEN=write`` writes them anew; read the difference before it is committed. The page stands there one
element a line and without its styles, which are mail.css's; that they are on the elements is tested apart.
Of a picture its words and its size are kept, not its bytes.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.agenda import DueRun
from bot.rendering.kinds import samples
from bot.rendering.mail import MailWords
from bot.run.order import Wishes, perform
from bot.run.world import World, open_world
from bot.settings import HOME
from bot.settings_file import load
from bot.store.schema import outbox

HERE = Path(__file__).parent
GOLDEN, GOLDEN_EXAMPLE = HERE / "golden", HERE / "golden_example"
MAILS = dict(samples(MailWords("Wrong? Tell your manager.", "duty@council.example")))
WRITE = os.environ.get("GOLDEN") == "write"
RENDERINGS = ("html", "txt")

MONDAY = date(2026, 11, 23)  # the example's own day
JOBS = ("worker_list", "manager_digest", "morning_mail", "notices")
KEPT = {  # of the lists, one of each kind; of the notices, every one
    "mon-worker_list-kieran.hartnell",  # with visits to cover
    "mon-manager_digest-tomasz.ashdown",
    "mon-manager_digest-dilys.coyle",  # the service manager's roll-up
    "tue-morning_mail-owen.dunmore",
}
SETTINGS = f"""caseload = "{(HOME / "config" / "caseload").as_posix()}"
packs = ["short-guide", "visiting-policy", "cp-statutory-visits", "measures-of-practice"]
[microsoft]
tenant_id = "nobody"
client_id = "nobody"
client_secret_file = "key.secret"
[mail]
sender = "visit-bot@northdale.example"
allowed_domains = ["northdale.example"]
[guard]
max_age_hours = 876000
[diary]
key_secret_file = "key.secret"
"""


@dataclass(frozen=True)
class Golden:
    """A mail as it is kept: ``pictures`` say where each is, how large, and in words what it shows."""

    subject: str
    html: str
    txt: str
    pictures: tuple[str, ...]

    def as_kept(self, rendering: str) -> str:
        """What stands in the file."""
        told = {"html": page(self.html), "txt": self.txt}[rendering]
        return "\n".join((self.subject, *self.pictures, "", told))


def page(html: str) -> str:
    """The HTML as it can be reviewed."""
    body = html[html.index("<body") :].replace("\u2007\u034f", "")
    body = re.sub(r' (?:style|cellpadding|cellspacing|border)="[^"]*"', "", body)
    lines = re.sub(r"\s*(<(?!/?(?:strong|span|br)\b))", r"\n\1", body).splitlines()
    return "\n".join(line.rstrip() for line in lines if line.strip()) + "\n"


def picture(cid: str, alt: str, png: bytes) -> str:
    assert png.startswith(b"\x89PNG")
    wide, high = (int.from_bytes(png[at : at + 4]) for at in (16, 20))
    return f"[{cid}: {wide} by {high}: {alt}]"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Golden]:
    """By day, job and recipient, what two days' runs put into the outbox. Microsoft is not asked."""
    folder = tmp_path_factory.mktemp("example")
    (folder / "key.secret").write_text("k" * 64)
    (folder / "settings.toml").write_text(SETTINGS)
    world = open_world(load(folder / "settings.toml"))
    try:
        return {name: mail for day in (0, 1) for name, mail in told_on(world, MONDAY + timedelta(day))}
    finally:
        world.close()


def told_on(world: World, day: date) -> Iterator[tuple[str, Golden]]:
    at = datetime.combine(day, time(7))
    report = perform(world, at, [DueRun(job, day.isoformat(), at) for job in JOBS], Wishes(sends=False))
    assert report.errors == ()
    with world.store.engine.connect() as connection:
        rows = connection.execute(sa.select(outbox).where(outbox.c.slot == day.isoformat())).all()
    for row in rows:
        pictures = tuple(picture(cid, alt, base64.b64decode(png)) for cid, alt, png in json.loads(row.images))
        name = f"{day:%a}-{row.job}-{row.recipient.partition('@')[0]}".lower()
        if name in KEPT or row.job == "notices":
            yield name, Golden(row.subject, row.html, row.text, pictures)


def hold(file: Path, found: str) -> None:
    if WRITE:
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MAILS)
@pytest.mark.parametrize("rendering", RENDERINGS)
def test_the_mail_reads_as_it_did(name: str, rendering: str) -> None:
    mail = MAILS[name]()
    pictures = tuple(picture(one.cid, one.alt, one.png) for one in mail.images)
    hold(
        GOLDEN / f"{name}.{rendering}",
        Golden(mail.subject, mail.html, mail.text, pictures).as_kept(rendering),
    )


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_what_the_example_s_team_is_told_reads_as_it_did(example: dict[str, Golden], rendering: str) -> None:
    """Out of a caseload through the whole bot: a figure that is reckoned otherwise is seen here, too."""
    for name, mail in example.items():
        hold(GOLDEN_EXAMPLE / f"{name}.{rendering}", mail.as_kept(rendering))


def test_no_golden_mail_is_left_of_what_is_made_no_more(example: dict[str, Golden]) -> None:
    assert example.keys() >= KEPT
    for folder, names in ((GOLDEN, MAILS.keys()), (GOLDEN_EXAMPLE, example.keys())):
        wanted = {f"{name}.{of}" for name in names for of in RENDERINGS}
        if WRITE:
            for file in folder.iterdir():
                if file.name not in wanted:
                    file.unlink()
        assert {file.name for file in folder.iterdir()} == wanted
