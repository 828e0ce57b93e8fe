"""`rules compare` and `rules impact`: what another policy would mean, before it is switched on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.caseload.model import Caseload
from bot.caseload.plain import read
from bot.cli.output import day, out, say, say_problems, show, table, warn
from bot.errors import WronglyUsed
from bot.policy.comparing import Date, Impact, SideBySide, impact
from bot.policy.comparing import compare as side_by_side
from bot.policy.due import judge
from bot.policy.judgement import Judgement
from bot.policy.pack import Pack
from bot.policy.worktime import NO_OWN_DAYS
from bot.run.snapshot import load_packs, pack_names
from bot.settings import HOME, Settings
from bot.settings_file import load

RULES = HOME / "rules"
SHOWN = 50  # of a list at a terminal; --json has all


class Ground:
    """The caseload and the settings that policies are tried on."""

    def __init__(self, caseload: Path | None, config: Path | None, today: date) -> None:
        self.settings: Settings | None = load(config) if config is not None else None
        path = caseload or (self.settings.caseload if self.settings else None)
        if path is None:
            raise WronglyUsed("Say which caseload to try the packs on: --caseload PATH, or --config F.")
        self.path = path
        self.today = today
        self.rules = self.settings.rules if self.settings else RULES

    @cached_property
    def caseload(self) -> Caseload:
        """Read when the packs are known to be sound: a slip in a name is said before any row."""
        found = read(self.path, self.today)
        say_problems(found.problems)
        return found

    def judge(self, packs: Sequence[Pack]) -> Judgement:
        """What these packs alone would owe."""
        own_days = self.settings.own_days if self.settings else NO_OWN_DAYS
        found = judge(self.caseload, packs, self.today, own_days)
        for line in found.warnings:
            warn(line)
        return found


def compare(
    names: Sequence[str], caseload: Path | None, config: Path | None, today: date, *, as_json: bool
) -> None:
    """Print, for each child, the date under each pack, and where they part."""
    if len(set(names)) < 2:
        raise WronglyUsed("Name two different packs or more to lay side by side.")
    ground = Ground(caseload, config, today)
    packs = _called(names, load_packs(names, ground.rules))
    rows = side_by_side({name: ground.judge([pack]) for name, pack in packs.items()})
    policies = list(packs)
    if as_json:
        _json([_row_json(row, len(policies)) for row in rows])
        return
    shown = table("Child", "What", *policies, "Apart")
    for row in rows:
        cells = [_date(row.dates.get(name)) for name in policies]
        shown.add_row(row.child_id, _what(row.kind, row.setting), *cells, _apart(row, len(policies)))
    show(shown)
    differ = sum(row.differs(len(policies)) for row in rows)
    say(f"{len(rows)} owed by any of them on {day(today)}: {len(rows) - differ} alike, {differ} not.")
    for name in policies:
        alone = sum(list(row.dates) == [name] for row in rows)
        first = sum(
            row.differs(len(policies)) and len(row.dates) > 1 and _is_first(row, name) for row in rows
        )
        say(f"  {name}: the earliest of several for {first}, the only one for {alone}.")


def _called(names: Sequence[str], packs: Sequence[Pack]) -> dict[str, Pack]:
    """Each pack by its name; those that share one, as a pack and its changed copy, by what was typed."""
    own = [pack.name for pack in packs]
    given = list(dict.fromkeys(names))
    return {
        name if own.count(name) == 1 else path: pack
        for name, path, pack in zip(own, given, packs, strict=True)
    }


def show_impact(
    changed: str,
    against: str | None,
    caseload: Path | None,
    config: Path | None,
    today: date,
    *,
    as_json: bool,
) -> None:
    """Print who is affected where a changed pack takes the place of today's."""
    ground = Ground(caseload, config, today)
    (new,) = load_packs([changed], ground.rules)
    chosen = ground.settings.packs if ground.settings else ()
    old_name = against or new.name
    if not chosen and against is None and old_name not in pack_names(ground.rules):
        raise WronglyUsed(
            f"{old_name!r} is no pack of {ground.rules}, so what it replaces is not known. "
            "Say with --against which of today's packs that is."
        )
    today_s = load_packs(chosen or [old_name], ground.rules)
    if not any(pack.name == old_name for pack in today_s):
        names = ", ".join(pack.name for pack in today_s)
        raise WronglyUsed(
            f"None of today's packs ({names}) is {old_name!r}. Say with --against which one it replaces."
        )
    with_new = [new if pack.name == old_name else pack for pack in today_s]
    found = impact(ground.caseload, ground.judge(today_s), ground.judge(with_new))
    if as_json:
        _json(_plain(asdict(found)))
        return
    _print_impact(found)


def _print_impact(found: Impact) -> None:
    lists = (
        ("Overdue at once", found.becomes_overdue),
        ("Earlier", found.earlier),
        ("Later", found.later),
        ("Asked for anew", found.added),
        ("No longer asked for", found.dropped),
    )
    for title, moved in lists:
        if not moved:
            continue
        shown = table("Child", "What", "Team", "Today", "Then", title=f"{title}: {len(moved)}")
        for one in moved[:SHOWN]:
            shown.add_row(
                one.child_id, _what(one.kind, one.setting), one.team, _date(one.before), _date(one.after)
            )
        show(shown)
        if len(moved) > SHOWN:
            say(f"  … and {len(moved) - SHOWN} more; --json has them all.")
    teams = table(
        "Team", "Visits a week today", "Then", "More", "Overdue today", "Then", title="What it asks of teams"
    )
    for team in found.teams:
        more = team.a_week_after - team.a_week_before
        teams.add_row(
            team.team,
            f"{team.a_week_before:.1f}",
            f"{team.a_week_after:.1f}",
            f"{more:+.1f}",
            str(team.overdue_before),
            str(team.overdue_after),
        )
    show(teams)
    say(_summary(found))


def _summary(found: Impact) -> str:
    more = sum(one.a_week_after - one.a_week_before for one in found.teams)
    return (
        f"On {day(found.today)}: {len(found.becomes_overdue)} overdue at once, {len(found.earlier)} earlier, "
        f"{len(found.later)} later, {len(found.added)} more and {len(found.dropped)} fewer; "
        f"{more:+.1f} visits a week."
    )


def _what(kind: str, setting: str | None) -> str:
    return kind.replace("_", " ") + (f" ({setting})" if setting else "")


def _date(one: Date | None) -> str:
    return f"{day(one.due)} {' '.join(one.by)}" if one else "—"


def _apart(row: SideBySide, policies: int) -> str:
    if len(row.dates) < policies:
        return f"only {', '.join(row.dates)}"
    return f"{row.apart} days" if row.apart else ""


def _is_first(row: SideBySide, name: str) -> bool:
    return name in row.dates and row.dates[name].due == min(one.due for one in row.dates.values())


def _row_json(row: SideBySide, policies: int) -> dict[str, Any]:
    return {
        "child_id": row.child_id,
        "kind": row.kind,
        "setting": row.setting,
        "dates": {name: _date_json(one) for name, one in row.dates.items()},
        "differs": row.differs(policies),
        "days_apart": row.apart,
    }


def _date_json(one: Date) -> dict[str, Any]:
    return {"due": one.due.isoformat(), "governed_by": list(one.by)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {("governed_by" if key == "by" else key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return round(value, 2) if isinstance(value, float) else value


def _json(value: Any) -> None:
    out.file.write(json.dumps(value, indent=1, ensure_ascii=False) + "\n")
