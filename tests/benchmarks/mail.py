"""How long a council's Monday takes to render: 800 mails, 120 of them managers' with their charts.

    python tests/benchmarks/mail.py
    python tests/benchmarks/mail.py --workers 680 --managers 120 --rounds 3

Beside it, in the same run, the same values through Jinja alone: no styles put on the elements, no charts.
Every manager's team is another, so that no chart is drawn twice.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.rendering import charts, mail, sample, trend_chart
from bot.rendering.templates import TEMPLATES, environment

WORDS = mail.MailWords("Wrong? Tell your manager, and mend the case record.", "duty@council.example")
TEAM = 8


def lists(number: int) -> Iterator[Any]:
    """So many workers' Monday lists, each as full as the fullest invented one."""
    full = sample.worker_lists()[0]
    return (replace(full, worker_id=f"W{n}", name=f"Worker {n}") for n in range(number))


def digests(number: int) -> Iterator[Any]:
    """So many managers' digests, each of a team of eight of its own."""
    full = sample.manager_digests()[0]
    for n in range(number):
        team = tuple(
            replace(
                full.workers[place % 4], worker_id=f"W{n}-{place}", name=f"Worker {n}-{place}", overdue=place
            )
            for place in range(TEAM)
        )
        weeks = tuple(
            replace(week, kept=replace(week.kept, late=week.kept.late + (n + place) % 7))
            for place, week in enumerate(full.trend.weeks)
        )
        yield replace(full, manager_id=f"M{n}", workers=team, trend=replace(full.trend, weeks=weeks))


def whole(workers: int, managers: int) -> None:
    """As the bot renders them."""
    for value in lists(workers):
        mail.worker_list(value, WORDS)
    for value in digests(managers):
        mail.manager_digest(value, WORDS)


def bare(workers: int, managers: int) -> None:
    """The same values through the same templates, and nothing else."""
    templates = environment(TEMPLATES)
    for value in lists(workers):
        for kind in ("html", "txt"):
            templates.get_template(f"worker_list.{kind}.j2").render(list=value, words=WORDS, subject="")
    for value in digests(managers):
        none = {"chart": None, "trend_chart": None}
        for kind in ("html", "txt"):
            template = templates.get_template(f"manager_digest.{kind}.j2")
            template.render(digest=value, words=WORDS, subject="", **none)


def drawn(_workers: int, managers: int) -> None:
    """The charts alone."""
    for value in digests(managers):
        charts.team_chart(value.workers)
        trend_chart.trend_chart(value.trend)


def measured(work: Callable[[int, int], None], workers: int, managers: int) -> tuple[float, float]:
    """Seconds by the clock, and of the processor."""
    clock, busy = time.perf_counter(), time.process_time()
    work(workers, managers)
    return time.perf_counter() - clock, time.process_time() - busy


def main() -> None:
    """Render, measure, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workers", type=int, default=680)
    parser.add_argument("--managers", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    whole(1, 1), bare(1, 1)  # templates compiled, fonts found
    ways = {"Jinja alone": bare, "charts alone": drawn, "the mails": whole}
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(asked.rounds):
        for name, work in ways.items():
            charts._drawn.cache_clear(), trend_chart._drawn.cache_clear()
            results[name].append(measured(work, asked.workers, asked.managers))
    total = asked.workers + asked.managers
    on = f"{os.cpu_count() or 1} cores, load {os.getloadavg()[0]:.0f}"
    print(f"{total} mails, {asked.managers} with charts; {asked.rounds} rounds, {on}")
    print("\n| what | seconds | processor seconds | ms a mail | × Jinja alone (processor) |")
    print("|---|---|---|---|---|")
    for name, of in results.items():
        ratio = median(one[1] / base[1] for one, base in zip(of, results["Jinja alone"], strict=True))
        clock, busy = (median(one[part] for one in of) for part in (0, 1))
        print(f"| {name} | {clock:.2f} | {busy:.2f} | {busy / total * 1000:.1f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
