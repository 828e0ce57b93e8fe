"""What a person wants of an entry, or of their replies while away, read and put in Graph's words.

Everything wrong with it is told at once and by field, so that a form can say each where it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from bot.sandbox.page.asking import Wrong

ZONE = "GMT Standard Time"  # as Outlook in Britain writes it
SHOWS = ("free", "tentative", "busy", "oof", "workingElsewhere")
AUDIENCES = ("none", "contactsOnly", "all")
MOST_WORDS = 255
MOST_MESSAGE = 10_000
MOST_REMINDER = 28 * 24 * 60
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
TIMES = frozenset({"starts", "ends", "allDay"})


class WrongWish(Wrong):
    """A wish that cannot be; `fields` says what is wrong with each."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(dict.fromkeys(fields.values())))
        self.fields = fields


class _Wrongs(dict[str, str]):
    """What was found wrong so far; the first word on a field stands."""

    def say(self, name: str, words: str) -> None:
        self.setdefault(name, words)

    def stop(self) -> None:
        if self:
            raise WrongWish(dict(self))


def entry(sent: dict[str, Any], *, categories: Collection[str], new: bool = False) -> dict[str, Any]:
    """An event's properties, as a body that Graph would take: what was sent, or all that a new one needs.

    `categories` are the names that can be chosen: the mailbox's, and those the entry has.
    """
    wrong = _Wrongs()
    for name in sent.keys() - _READERS.keys() - TIMES:
        wrong.say(str(name), f"An entry has nothing called “{name}”.")
    body: dict[str, Any] = {}
    if new or sent.keys() & TIMES:
        body |= _times(sent, wrong)
    for name in _READERS.keys() & sent.keys():
        body |= _READERS[name](sent[name], wrong)
    if "categories" in sent and not {"categories"} & wrong.keys():
        known = {one.casefold() for one in categories}
        strange = [one for one in sent["categories"] if one.casefold() not in known]
        if strange:
            wrong.say("categories", f"This mailbox has no category “{strange[0]}”. Choose from its list.")
    if not sent and not new:
        wrong.say("", "Nothing to change was sent.")
    wrong.stop()
    return body


def _times(sent: dict[str, Any], wrong: _Wrongs) -> dict[str, Any]:
    all_day = sent.get("allDay", False)
    if not isinstance(all_day, bool):
        wrong.say("allDay", "All day is yes or no.")
        return {}
    starts = _moment(sent, "starts", "Say when it starts: a day and, unless it is all day, a time.", wrong)
    ends = _moment(sent, "ends", "Say when it ends: a day and, unless it is all day, a time.", wrong)
    if starts is None or ends is None:
        return {}
    if all_day and (starts.time() != datetime.min.time() or ends.time() != datetime.min.time()):
        wrong.say("starts", "What is all day starts and ends at midnight.")
    elif all_day and ends <= starts:
        wrong.say("ends", "The last day is before the first. Choose the same day or a later one.")
    elif ends < starts:
        wrong.say("ends", "It ends before it starts. Choose a later end.")
    return {"isAllDay": all_day, "start": _graph(starts), "end": _graph(ends)}


def _moment(sent: dict[str, Any], name: str, words: str, wrong: _Wrongs) -> datetime | None:
    written = sent.get(name)
    if isinstance(written, str) and _MOMENT.fullmatch(written):
        try:
            return datetime.fromisoformat(written)
        except ValueError:
            pass
    wrong.say(name, words)
    return None


def _graph(moment: datetime) -> dict[str, str]:
    return {"dateTime": f"{moment:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": ZONE}


def _one_line(field: str, name: str) -> Callable[[Any, _Wrongs], dict[str, Any]]:
    def read(value: Any, wrong: _Wrongs) -> dict[str, Any]:
        if not isinstance(value, str) or "\n" in value or "\r" in value:
            wrong.say(field, f"The {name} is one line of words.")
            return {}
        if len(value) > MOST_WORDS:
            wrong.say(field, f"The {name} has {len(value)} letters; {MOST_WORDS} are the most.")
            return {}
        words = value.strip()
        return {"location": {"displayName": words}} if field == "place" else {"subject": words}

    return read


def _categories(value: Any, wrong: _Wrongs) -> dict[str, Any]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        wrong.say("categories", "Categories are a list of names.")
        return {}
    return {"categories": list(dict.fromkeys(value))}


def _shows(value: Any, wrong: _Wrongs) -> dict[str, Any]:
    if value not in SHOWS:
        wrong.say("showAs", f"An entry shows as one of: {', '.join(SHOWS)}.")
        return {}
    return {"showAs": value}


def _private(value: Any, wrong: _Wrongs) -> dict[str, Any]:
    if not isinstance(value, bool):
        wrong.say("private", "Private is yes or no.")
    return {"sensitivity": "private" if value else "normal"}


def _reminder(value: Any, wrong: _Wrongs) -> dict[str, Any]:
    if value is None:
        return {"isReminderOn": False}
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_REMINDER:
        wrong.say("reminder", f"A reminder rings from 0 to {MOST_REMINDER} minutes before, or not at all.")
        return {}
    return {"isReminderOn": True, "reminderMinutesBeforeStart": value}


_READERS: dict[str, Callable[[Any, _Wrongs], dict[str, Any]]] = {
    "subject": _one_line("subject", "title"),
    "place": _one_line("place", "place"),
    "categories": _categories,
    "showAs": _shows,
    "private": _private,
    "reminder": _reminder,
}


def away(sent: dict[str, Any]) -> dict[str, Any]:
    """The automatic replies, as Graph's mailbox settings take them."""
    wrong = _Wrongs()
    known = {"on", "from", "until", "inside", "outside", "audience"}
    for name in sent.keys() - known:
        wrong.say(str(name), f"Automatic replies have nothing called “{name}”.")
    if not isinstance(sent.get("on"), bool):
        wrong.say("on", "Automatic replies are on or off.")
    for name in ("inside", "outside"):
        words = sent.get(name, "")
        if not isinstance(words, str) or len(words) > MOST_MESSAGE:
            wrong.say(name, f"A reply is words, {MOST_MESSAGE} letters at the most.")
    if sent.get("audience", "none") not in AUDIENCES:
        wrong.say("audience", f"Replies outside go to one of: {', '.join(AUDIENCES)}.")
    timed = sent.get("from") is not None or sent.get("until") is not None
    replies: dict[str, Any] = {
        "status": "disabled" if not sent.get("on") else "scheduled" if timed else "alwaysEnabled",
        "internalReplyMessage": sent.get("inside", ""),
        "externalReplyMessage": sent.get("outside", ""),
        "externalAudience": sent.get("audience", "none"),
    }
    if timed:
        first = _moment(sent, "from", "Say from which day and time on.", wrong)
        until = _moment(sent, "until", "Say until which day and time.", wrong)
        if first and until:
            if until <= first:
                wrong.say("until", "It ends before it starts. Choose a later end.")
            replies |= {"scheduledStartDateTime": _graph(first), "scheduledEndDateTime": _graph(until)}
    wrong.stop()
    return {"automaticRepliesSetting": replies}
