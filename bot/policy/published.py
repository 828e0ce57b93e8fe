"""Bank holidays that nobody has confirmed yet, and the due dates that rest on them.

Substitute days and one-off holidays are proclaimed, not computed: a date worked out beyond the published
list may be a day out, and whoever trusts it has to know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl

from bot.policy.pack import Pack
from bot.policy.worktime import PUBLISHED_UNTIL


def beyond_confirmed(packs: Sequence[Pack], due: pl.DataFrame, in_settings: date | None) -> Iterator[str]:
    """One sentence where due dates fall after the last day whose bank holidays are confirmed."""
    by_packs = [pack.holidays_confirmed_until for pack in packs if pack.holidays_confirmed_until]
    confirmed = in_settings or min(by_packs, default=PUBLISHED_UNTIL)
    beyond = due.filter(pl.col("due") > confirmed)
    if beyond.is_empty():
        return
    fall = f"{len(beyond)} due dates fall" if len(beyond) > 1 else "1 due date falls"
    yield (
        f"{fall} after {confirmed:%d %B %Y}, the last day whose bank holidays are confirmed. Look up the "
        "published list for England and set holidays_confirmed_until, in the settings or the pack, to the "
        "last day that it covers."
    )
