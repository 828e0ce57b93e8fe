"""The desk over HTTP: what lies on it, and what a worker says was done; refusals come back by field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.page import asking
from bot.sandbox.page.desk import (
    VISIT_KINDS,
    Desk,
    DeskRefused,
    Mistake,
    PostponeForm,
    VisitForm,
    VisitKind,
    Written,
)
from bot.sandbox.page.diary_routes import BOX
from bot.sandbox.page.mark import Mark
from bot.sandbox.tenant import Tenant

LONGEST = 2000  # of anything written into a field


def routes(tenant: Tenant, desk: Desk, mark: Mark) -> list[BaseRoute]:
    """Everything of one worker's desk."""

    def table(request: Request) -> Response:
        found = desk.table(_address(tenant, request))
        return JSONResponse({"table": None if found is None else _dated(asdict(found))})

    def meaning(request: Request) -> Response:
        who = asking.who(request)
        with tenant.lock:
            tags = tuple(tenant.mailbox(who).find("event", asking.item_id(request)).extended.values())
        found = desk.meaning(_address(tenant, request), tags)
        return JSONResponse({"meaning": None if found is None else _dated(asdict(found))})

    def act(do: Callable[[str, _Form], Callable[[], Written]]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            form = _Form(await asking.json_object(request))
            work = do(_address(tenant, request), form)
            form.whole()
            written = await run_in_threadpool(work)
            mark.touch()
            return JSONResponse(asdict(written), status_code=201)

        return answer

    def record(who: str, form: _Form) -> Callable[[], Written]:
        return partial(desk.record_visit, who, form.words("child"), _visit(form))

    def finalise(who: str, form: _Form) -> Callable[[], Written]:
        return partial(desk.finalise, who, form.words("child"))

    def postpone(who: str, form: _Form) -> Callable[[], Written]:
        wish = PostponeForm(
            planned=form.day("planned"),
            to=form.maybe_day("to"),
            reason=form.words("reason", needed=False),
            told=form.answer("told") is True,
        )
        return partial(desk.postpone, who, form.words("child"), wish)

    def sick(who: str, form: _Form) -> Callable[[], Written]:
        covered = form.words("covered_by", needed=False) or None
        return partial(desk.off_sick, who, form.day("first"), form.maybe_day("last"), covered)

    def back(who: str, form: _Form) -> Callable[[], Written]:
        return partial(desk.back, who, form.day("on"))

    return [
        Route(f"{BOX}/desk", table),
        Route(f"{BOX}/desk/about/{{id}}", meaning),
        Route(f"{BOX}/desk/visits", act(record), methods=["POST"]),
        Route(f"{BOX}/desk/finalised", act(finalise), methods=["POST"]),
        Route(f"{BOX}/desk/postponed", act(postpone), methods=["POST"]),
        Route(f"{BOX}/desk/sick", act(sick), methods=["POST"]),
        Route(f"{BOX}/desk/back", act(back), methods=["POST"]),
    ]


def refused(_: Request, error: Exception) -> Response:
    """Every mistake, by the field it stands in."""
    mistakes = [asdict(one) for one in error.mistakes] if isinstance(error, DeskRefused) else []
    fields: dict[str, str] = {}
    for one in mistakes:
        fields[one["where"]] = " ".join((one["what"], one["why"], one["mend"]))
    return JSONResponse({"error": str(error), "mistakes": mistakes, "fields": fields}, status_code=422)


def _address(tenant: Tenant, request: Request) -> str:
    return tenant.find(asking.who(request)).email


def _visit(form: _Form) -> VisitForm:
    day, clock = form.day("day"), form.words("time", needed=False) or "00:00"
    try:
        at = datetime.combine(day, datetime.strptime(clock, "%H:%M").time())
    except ValueError:
        form.wrong("time", f"“{clock[:20]}” is no time of day.", "Write it like 10:30.")
        at = datetime.combine(day, datetime.min.time())
    kind: VisitKind = next((one for one in VISIT_KINDS if one == form.words("kind", needed=False)), "visit")
    answers = ("alone", "awake", "observed", "at_home", "bedroom", "announced")
    return VisitForm(
        at=at,
        took_place=form.answer("took_place") is not False,
        kind=kind,
        seen=form.answer("seen"),
        finalised=form.answer("finalised") is True,
        reason=form.words("reason", needed=False),
        **{name: form.answer(name) for name in answers},
    )


class _Form:
    """What was sent, read field by field; what cannot be read is told all at once."""

    def __init__(self, sent: dict[str, Any]) -> None:
        self._sent = sent
        self._mistakes: list[Mistake] = []

    def wrong(self, where: str, what: str, mend: str) -> None:
        """Remember a mistake."""
        self._mistakes.append(Mistake(where, what, "It cannot be written down so.", mend))

    def whole(self) -> None:
        """Refuse the form where anything in it cannot be read."""
        if self._mistakes:
            raise DeskRefused(*self._mistakes)

    def words(self, name: str, *, needed: bool = True) -> str:
        """A field of text."""
        value = self._sent.get(name) or ""
        if not isinstance(value, str) or len(value) > LONGEST or (needed and not value.strip()):
            self.wrong(name, "Nothing is chosen." if not value else "This is not a text of sensible length.",
                       "Fill this in.")  # fmt: skip
            return ""
        return value.strip()

    def maybe_day(self, name: str) -> date | None:
        """A day, or blank."""
        return self.day(name) if self._sent.get(name) else None

    def day(self, name: str) -> date:
        """A day."""
        value = self._sent.get(name) or ""
        try:
            return date.fromisoformat(value)
        except (ValueError, TypeError):
            self.wrong(name, "No day is chosen." if not value else "This is no day.", "Choose a day.")
            return date.min

    def answer(self, name: str) -> bool | None:
        """Yes, no, or not said."""
        value = self._sent.get(name)
        return value if isinstance(value, bool) else None


def _dated(value: Any) -> Any:
    """Days as JSON has them."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _dated(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_dated(one) for one in value]
    return value
