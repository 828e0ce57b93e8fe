"""`serve`: the bot every day by itself, with a health page for the council's own monitoring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.agenda import DueRun
from bot.cli.output import say
from bot.errors import Temporary
from bot.run.looking import nothing_new, pass_over, with_notices
from bot.run.order import Wishes, due_now, perform
from bot.run.posting import Posting
from bot.run.prepare import NOTICES
from bot.run.senders import foreseen
from bot.run.world import World, open_world
from bot.service import health as health_page
from bot.service import logs
from bot.service.runner import Done, Runner, Sent, serve_forever
from bot.settings import Settings
from bot.settings_file import load
from bot.store import outbox
from bot.store.lock import keeping

LONDON = ZoneInfo("Europe/London")


def serve(config: Path) -> None:
    """Run until stopped; raises where the settings, the store or the port will not do.

    The store is held for as long as the service runs: a second one, or a `run` beside it, is refused.
    """
    logs.configure()
    settings = load(config)
    world = open_world(settings)
    try:
        with keeping(world.store, "serve"):
            _serve(world, settings)
    finally:
        world.close()


def _serve(world: World, settings: Settings) -> None:
    health = health_page.Health(started=_now())
    host = settings.service.host
    port = health_page.start(health, host, settings.service.port, _now, (world.timetable[0].job,))
    say(f"Serving. Health: http://{host}:{port}/health. Ctrl-C stops.")
    runner = Runner(lambda now: due_now(world, now), _performer(world), health, _now, _poster(world, health))
    serve_forever(runner, lambda: _left(world))


def _left(world: World) -> dict[str, object]:
    """What a service leaves undone when it ends: the next one goes on with it."""
    stands = outbox.standing(world.store)
    forecast = foreseen(world)
    return {
        "jobs_owed": [item.job for item in due_now(world, _now())],
        "mails_waiting": stands.waiting,
        "mails_uncertain": stands.uncertain,
        **({"forecast": str(forecast)} if forecast and not forecast.at_once else {}),
    }


def _performer(world: World) -> Callable[[DueRun, datetime], Done]:
    def one(item: DueRun, now: datetime) -> Done:
        if item.job == NOTICES and nothing_new(world, now):
            pass_over(world, item, now)
            return Done()
        report = perform(world, now, with_notices(item), Wishes(sends=False))
        if report.nothing_done:  # a service that keeps no diary is not well, whatever the reason
            raise Temporary(report.errors[0])
        not_done = sum(bool(kept.errors) for kept in report.kept) if report.kept else None
        return Done(report.writes, report.mails_made, not_done, report.again)

    return one


def _poster(world: World, health: health_page.Health) -> Callable[[datetime], Sent | None]:
    posting = Posting(world)

    def turn(now: datetime) -> Sent | None:
        try:
            done = posting.turn(now)
        finally:
            stands = outbox.standing(world.store)
            health.outbox_stands(stands.waiting, stands.uncertain, stands.in_vain_since)
        if done is None or not (done.posted or done.not_delivered):
            return None
        given_up = sum(one.state == "failed" for one in done.posted)
        mend = "SenderRefused" if done.refused else ""
        return Sent(done.sent, given_up, len(done.not_delivered), done.stopped, mend, done.forecast)

    return turn


def _now() -> datetime:
    return datetime.now(LONDON).replace(tzinfo=None)
