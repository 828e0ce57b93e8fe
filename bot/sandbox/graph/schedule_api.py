"""Free and busy: when somebody can be met, without what they are doing if they marked it private."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from bot.sandbox.graph.context import Context
from bot.sandbox.graph.wire import GraphResponse
from bot.sandbox.tenant import series, settings
from bot.sandbox.tenant.refusal import GraphError, bad_request
from bot.sandbox.tenant.resources import GET_SCHEDULE
from bot.sandbox.tenant.series import Happening
from bot.sandbox.tenant.zones import read_moment, to_utc, write_moment

MOST_PEOPLE = 20
MOST_DAYS = 62
A_DAY = timedelta(days=1)
DIGITS = {"free": "0", "tentative": "1", "busy": "2", "oof": "3", "workingElsewhere": "4", "unknown": "0"}
# The busiest wins where several things stand at the same time.
_BUSIEST = ("free", "unknown", "workingElsewhere", "tentative", "busy", "oof")


def get_schedule(context: Context) -> GraphResponse:
    """POST …/calendar/getSchedule."""
    asked = GET_SCHEDULE.read(context.body)
    people = asked.get("schedules") or []
    if not people:
        raise bad_request("The parameter 'schedules' needs at least one address.", "ErrorInvalidParameter")
    if len(people) > MOST_PEOPLE:
        raise bad_request(
            "There are too many target users in the EmailAddress array. The allowed size = "
            f"{MOST_PEOPLE}; the actual size = {len(people)}.",
            "ErrorMailboxDataArrayTooBig",
        )
    start, end = (_moment(asked.get(name), name) for name in ("startTime", "endTime"))
    if end <= start:
        raise bad_request("The time window ends before it has begun.", "ErrorInvalidTimeInterval")
    if end - start > MOST_DAYS * A_DAY:
        raise bad_request(
            "The requested time duration specified for FreeBusyViewOptions.TimeWindow is too long. The "
            f"allowed limit = {MOST_DAYS} days; the actual limit = {ceil((end - start) / A_DAY)} days.",
            "ErrorTimeIntervalTooBig",
        )
    minutes = asked.get("availabilityViewInterval") or 30
    if not 5 <= minutes <= 1440:
        raise bad_request(
            "The interval needs to be from 5 to 1440 minutes.", "ErrorInvalidMergedFreeBusyInterval"
        )
    found = [_schedule(context, person or "", start, end, timedelta(minutes=minutes)) for person in people]
    return context.answer(200, {"value": found})


def _moment(sent: dict[str, Any] | None, name: str) -> datetime:
    if not sent:
        raise bad_request(f"The parameter '{name}' is missing.", "ErrorInvalidParameter")
    zone_name = sent.get("timeZone") or "UTC"
    return to_utc(read_moment(sent.get("dateTime") or "", zone_name), zone_name)


def _schedule(
    context: Context, person: str, start: datetime, end: datetime, step: timedelta
) -> dict[str, Any]:
    try:
        mailbox = context.tenant.mailbox(person)
    except GraphError:
        error = {
            "message": f"The mailbox {person} was not found.",
            "responseCode": "ErrorMailRecipientNotFound",
        }
        return {"scheduleId": person, "availabilityView": "", "scheduleItems": [], "error": error}
    found = list(series.in_window(mailbox, start, end))
    found.sort(key=lambda item: item.starts)
    return {
        "scheduleId": person,
        "availabilityView": _view(found, start, end, step),
        "scheduleItems": [_show(item, context.preferences.zone) for item in found],
        "workingHours": settings.of(mailbox)["workingHours"],
    }


def _show(item: Happening, zone_name: str) -> dict[str, Any]:
    private = item.props["sensitivity"] in ("private", "confidential")
    shown: dict[str, Any] = {"isPrivate": private, "status": item.props["showAs"]}
    if not private:
        shown |= {"subject": item.props["subject"], "location": item.props["location"]["displayName"]}
    return shown | {
        "start": write_moment(item.starts.astimezone(UTC), zone_name),
        "end": write_moment(item.ends.astimezone(UTC), zone_name),
    }


def _view(found: list[Happening], start: datetime, end: datetime, step: timedelta) -> str:
    """One digit an interval."""
    digits = []
    while start < end:
        until = start + step
        inside = [i.props["showAs"] for i in found if i.starts < until and i.ends > start]
        digits.append(DIGITS[max(inside, key=_BUSIEST.index, default="free")])
        start = until
    return "".join(digits)
