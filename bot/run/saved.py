"""A plan that somebody kept, looked at and approved: written down, read again, and held against the world.

What is kept is what a person reads (who, how many, which entries, which mails) and a fingerprint of all else,
so that a file left lying about holds no more than the diaries show. It is sealed with the secret that entries
are tagged with: a file that was changed is not a plan that anybody made. `run --plan` plans anew and goes on
only where that gives the same plan to the last letter; so what is carried out is exactly what was kept.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import Refused, WronglyUsed
from bot.run.keep import Plans
from bot.run.operator import operator
from bot.run.plan import Plan
from bot.run.prepare import Prepared
from bot.run.world import World

FORMAT = "visit-bot saved plan"
VERSION = 2  # 1 had no seal and no mails
ANEW = "Make a new one with `plan --save`, look at it, and run that."


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SavedDiary(_Part):
    """One diary of a saved plan: what a person reads, and fingerprints of it and of what it was made of."""

    worker_id: str
    actions: tuple[str, ...]
    guard: str
    plan: str
    owed: str
    stood: str
    remembered: str


class SavedMail(_Part):
    """One mail of a saved plan."""

    job: str
    slot: str
    person: str
    recipient: str
    subject: str
    digest: str


class Saved(_Part):
    """A saved plan. ``seal`` is an HMAC of all the rest."""

    format: Literal["visit-bot saved plan"]
    version: int
    made_at: datetime
    made_by: str
    today: date
    only: tuple[str, ...]
    jobs: tuple[tuple[str, str], ...]
    made_with: dict[str, str]  # settings, packs, templates
    diaries: dict[str, SavedDiary]
    mails: tuple[SavedMail, ...]
    rest: str  # visits without a diary, children gone, what the guards said
    guards: tuple[str, ...]
    seal: str = ""


def save(file: Path, world: World, prepared: Prepared, made_at: datetime) -> None:
    """Write a plan down for its owner alone; raises Refused where it is not whole.

    ``made_at`` is the clock's (naive London), whatever day the plan is of: it says when somebody looked.
    """
    if prepared.plan.unread:
        raise Refused("The plan was not saved: some diaries could not be read, and a saved plan is whole.")
    saved = _saved(world, prepared, made_at)
    text = _sealed(saved, _secret(world)).model_dump_json(indent=1) + "\n"
    scratch = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(text)
        scratch.replace(file)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        raise WronglyUsed(f"{file} cannot be written ({error.strerror}). Name another file.") from None


def read(file: Path, world: World, now: datetime, only: Sequence[str]) -> Saved:
    """Read a saved plan that is meant for this day and these workers.

    Raises WronglyUsed where the file is no saved plan, and Refused where it is one of another version, day or
    selection, or was changed since.
    """
    document = _document(file)
    if document.get("version") != VERSION:
        raise Refused(
            f"{file} was saved by another version of the bot (its plans are numbered "
            f"{document.get('version', 1)}, this one's {VERSION}). {ANEW}"
        )
    try:
        saved = Saved.model_validate_json(json.dumps(document))
    except ValidationError:
        raise WronglyUsed(f"{file} is a saved plan from which something is missing. {ANEW}") from None
    if not hmac.compare_digest(saved.seal, _sealed(saved, _secret(world)).seal):
        raise Refused(
            f"{file} was changed after it was saved, or saved under another key secret: its seal does not "
            f"fit. Nothing was written. {ANEW}"
        )
    if saved.today != now.date():
        raise Refused(f"The plan is of {saved.today}, and today is {now.date()}. {ANEW}")
    if only and sorted(only) != sorted(saved.only):
        raise Refused(
            f"The plan was saved for {', '.join(saved.only) or 'every diary'}, and --only names "
            f"{', '.join(only)}. Leave --only out, or make a plan for these."
        )
    return saved


def refuse_if_moved(saved: Saved, world: World, prepared: Prepared) -> None:
    """Raise Refused, naming who and what moved, unless planning gives exactly what was saved."""
    now = _saved(world, prepared, saved.made_at)
    reasons = [
        *(
            f"the {name} have changed"
            for name in saved.made_with
            if saved.made_with[name] != now.made_with[name]
        ),
        *_moved_diaries(saved, now, prepared.plan),
        *_moved_mails(saved, now),
    ]
    if not reasons and saved.rest != now.rest:
        reasons.append("what has no diary, who is gone from the caseload, or what the guards say has changed")
    if reasons:
        shown = [*reasons[:12], *([f"and {len(reasons) - 12} more"] if len(reasons) > 12 else [])]
        raise Refused(
            f"The world moved since the plan was saved ({saved.made_at:%a %d %b %H:%M} by {saved.made_by}). "
            "Nothing was written.\n" + "\n".join(f"  {one}" for one in shown) + f"\n{ANEW}"
        )


def _document(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise WronglyUsed(f"{file} cannot be read ({error.strerror}). Make one with `plan --save`.") from None
    except ValueError:
        raise WronglyUsed(
            f"{file} is not a saved plan, or only part of one: it was cut off. {ANEW}"
        ) from None
    if not isinstance(document, dict) or not ({"format", "diaries"} & document.keys()):
        raise WronglyUsed(f"{file} is not a saved plan. Make one with `plan --save`.")
    return document


def _saved(world: World, prepared: Prepared, made_at: datetime) -> Saved:
    plan, plans = prepared.plan, prepared.diaries
    return Saved(
        format=FORMAT,
        version=VERSION,
        made_at=made_at,
        made_by=operator(),
        today=plan.today,
        only=plan.only,
        jobs=plan.jobs,
        made_with=_made_with(world),
        diaries={mailbox: _diary(plan, plans, mailbox) for mailbox in plan.mailboxes} if plans else {},
        mails=tuple(SavedMail(**asdict(one)) for one in plan.mails),
        rest=_print(
            (
                plan.unplaced,
                tuple((one.child_id, one.since, one.keeps) for one in plan.gone),
                tuple(str(one) for one in plan.verdicts),
            )
        ),
        guards=tuple(str(one) for one in plan.verdicts),
    )


def _diary(plan: Plan, plans: Plans, mailbox: str) -> SavedDiary:
    mine = plan.mailboxes[mailbox]
    return SavedDiary(
        worker_id=plan.owner(mailbox),
        actions=mine.lines(),
        guard=plan.refusals.get(mailbox, ""),
        plan=_print(mine),
        owed=_print(plans.wanted.of(mailbox)),
        stood=_print(plans.seen[mailbox]),
        remembered=_print(plans.known[mailbox]),
    )


def _moved_diaries(saved: Saved, now: Saved, plan: Plan) -> Iterable[str]:
    """Whose diary would not be written as it was saved, and what of it moved."""
    for mailbox in sorted(saved.diaries.keys() | now.diaries.keys() | plan.unread.keys()):
        old, new = saved.diaries.get(mailbox), now.diaries.get(mailbox)
        known = new or old
        who = f"{known.worker_id if known else plan.owner(mailbox)} ({mailbox})"
        if mailbox in plan.unread:
            yield f"{who}: the diary cannot be read now"
        elif old is None:
            yield f"{who}: the diary has come to it"
        elif new is None:
            yield f"{who}: the diary is no longer among those to be kept"
        elif old.plan != new.plan:
            yield f"{who}: {_what_moved(old, new)}"


def _what_moved(old: SavedDiary, new: SavedDiary) -> str:
    what = {
        "what is owed has changed": old.owed != new.owed,
        "the diary was touched": old.stood != new.stood,
        "another run has written": old.remembered != new.remembered,
    }
    return (
        " and ".join(words for words, moved in what.items() if moved) or "what other diaries hold has changed"
    )


def _moved_mails(saved: Saved, now: Saved) -> Iterable[str]:
    for job, slot in saved.jobs:
        if (job, slot) not in now.jobs:
            yield f"the {job.replace('_', ' ')} of {slot} was made by another run meanwhile"
    before, after = ({(one.job, one.person): one for one in some.mails} for some in (saved, now))
    for job, person in sorted(before.keys() | after.keys()):
        if before.get((job, person)) != after.get((job, person)) and any(job == one for one, _ in now.jobs):
            yield f"{person}: the {job.replace('_', ' ')} would say something else"


def _made_with(world: World) -> dict[str, str]:
    settings = world.settings
    told = settings.model_dump(
        mode="json",
        exclude={"client_secret", "certificate_passphrase", "key_secret", "store", "service", "schedule"},
    )
    folders = {settings.rules, *(Path(pack).parent for pack in settings.packs if Path(pack).suffix)}
    return {
        "settings": _print(told),
        "packs": _files(file for folder in folders for file in folder.glob("*.y*ml")),
        "templates": _files(settings.templates.rglob("*.j2")),
    }


def _files(files: Iterable[Path]) -> str:
    return _print([(str(file), file.read_bytes()) for file in sorted(set(files))])


def _print(value: object) -> str:
    """A fingerprint of tuples, texts, days and numbers, whose words are always the same."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:32]


def _sealed(saved: Saved, secret: bytes) -> Saved:
    bare = saved.model_copy(update={"seal": ""}).model_dump_json()
    return saved.model_copy(update={"seal": hmac.new(secret, bare.encode(), "sha256").hexdigest()})


def _secret(world: World) -> bytes:
    return world.key_secret
