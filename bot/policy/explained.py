"""An explanation as a social worker would read it: sentences that can be checked with a calendar in hand."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from bot.policy.explanation import Explanation, LeftOut, OpenPlan, Owed, Sum
from bot.policy.scene import REMEMBERED_DAYS

WIDTH = 96


def in_words(found: Explanation) -> str:
    """The whole explanation."""
    return "\n".join(_lines(found))


def sentence(start: str, sum_: Sum) -> str:
    """The arithmetic: from where, how far, which days were not counted, to when."""
    due = f"{sum_.due_at:%H:%M} on {day_words(sum_.due)}" if sum_.due_at else day_words(sum_.due)
    if sum_.step == "the day wanted":
        return f"{start}, for {due}"
    said = f"{start} + {sum_.step}"
    if sum_.skipped:
        said += f" (not counting {_left_out(sum_.skipped)})"
    return (
        f"{said} = {due}"
        if sum_.moved is None
        else f"{said} = {day_words(sum_.reckoned)}, but {sum_.moved}: {due}"
    )


def day_words(day: date) -> str:
    """ "Fri 4 Dec 2026"."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def _left_out(days: Sequence[LeftOut]) -> str:
    """Weekends and closures drawn together, bank holidays by name."""
    weekends = [one.day for one in days if one.why == "weekend"]
    closed = [one.day for one in days if one.why == "closed"]
    said = [f"weekends {_runs(weekends)}"] if weekends else []
    said += [f"{one.why} {_short(one.day)}" for one in days if one.why not in ("weekend", "closed")]
    said += [f"closed {_runs(closed)}"] if closed else []
    return "; ".join(said)


def _runs(days: Sequence[date]) -> str:
    """Days in words, neighbours drawn together."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        _short(run[0]) if len(run) == 1 else f"{_short(run[0])}–{_short(run[-1])}" for run in runs
    )


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"


def _lines(found: Explanation) -> Iterator[str]:
    yield f"{found.child_id} on {day_words(found.today)}"
    open_ = "; ".join(_plan(plan) for plan in found.plans)
    yield from _wrapped([f"Open: {open_ or 'no plan or placement'}."], "")
    if not found.owed:
        yield "Nothing is owed."
    for owed in found.owed:
        yield ""
        yield from _heading(owed)
        if owed.must:
            yield f"  Must: {', '.join(asked.words() for asked in owed.must)}."
        for sum_ in owed.sums:
            yield from _sum(sum_, of_several=len(found.plans) > 1)
    for title, lines in _sections(found):
        if lines:
            yield from ("", title, *lines)


def _plan(plan: OpenPlan) -> str:
    setting = f" in {plan.setting}" if plan.setting else ""
    end = f" to {day_words(plan.end)}" if plan.end else ""
    who = f"worker {plan.worker_id}" if plan.worker_id else "worker not known"
    return f"{plan.kind.replace('_', ' ')}{setting} since {day_words(plan.start)}{end} ({who})"


def _sum(sum_: Sum, *, of_several: bool) -> Iterator[str]:
    mark = "►" if sum_.governs else " "
    yield f"  {mark} {sum_.clause}  {sum_.says}"
    yield f"      {sum_.arithmetic}"
    if of_several and sum_.plan:
        yield f"      for: {_plan(sum_.plan)}"
    yield f"      {sum_.pack}, {sum_.cites}"


def _heading(owed: Owed) -> Iterator[str]:
    where = f" in {owed.setting}" if owed.setting else ""
    what = owed.kind.replace("_", " ").capitalize() + where
    yield f"{what}, {owed.status}: {day_words(owed.due)}. Worker {owed.worker_id or 'not known'}."
    cover = ""
    if owed.needs_cover:
        by = f" by {owed.cover_id}" if owed.cover_id else ", and nobody is named"
        cover = f" Needs cover{by}."
    yield f"  Act by {day_words(owed.act_by)}; reminder on {day_words(owed.remind_on)}.{cover}"


def _sections(found: Explanation) -> Iterator[tuple[str, list[str]]]:
    """What stands below the dates: each a title and its lines, which may be none."""
    yield (
        "Open concerns:",
        [
            f"  {one.clause} (to {', '.join(one.to)}): {one.says} Closes: {one.closes}"
            for one in found.concerns
        ],
    )
    yield (
        f"Did not count, of the last {REMEMBERED_DAYS} days and since the last that did:",
        [
            f"  {day_words(one.at.date())} ({one.visit_id}) for {one.clause}: {one.reason}."
            for one in found.not_counted
        ],
    )
    yield (
        "To mend in the records:",
        _wrapped(f"{one.where}: {one.what} — {one.effect}. {one.mend}" for one in found.to_mend),
    )
    yield (
        "Guidance, without a date of its own:",
        _wrapped(f"{one.clause}  {one.says}" for one in found.guidance),
    )
    silent = [one for one in found.not_asked if one.of_open_plan]
    yield "Asks nothing now:", _wrapped(f"{one.clause}  {one.says} — {one.why}." for one in silent)
    others = [one.clause for one in found.not_asked if not one.of_open_plan]
    yield (
        "For plans and placements that are not open for this child:",
        _wrapped([", ".join(others)], "  ", "  ") if others else [],
    )


def _wrapped(lines: Iterable[str], first: str = "  ", rest: str = "      ") -> list[str]:
    wrapper = textwrap.TextWrapper(WIDTH, initial_indent=first, subsequent_indent=rest)
    return [part for line in lines for part in wrapper.wrap(line)]
