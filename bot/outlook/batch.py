"""A batch as it crosses the wire: up to twenty questions in one request, and their answers sorted out again.

Outlook works on up to four items of a batch at once. In a chain each item waits for the one before it, so
that a batch takes one place of those four and not all; what stands behind an item that failed is then
answered 424, and was certainly not carried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from bot.errors import Temporary
from bot.outlook.answer import Answer, Ask, Json, lost
from bot.outlook.door import PREFER
from bot.outlook.faults import AGAIN

SIZE: Final = 20  # Graph takes no more in one batch
AT_ONCE: Final = (
    4  # items of one batch that Outlook works on together, where they do not wait for one another
)
_NOT_BEGUN: Final = 424


def as_request(asks: Sequence[Ask], *, chained: bool) -> Ask:
    """The batch that holds these questions."""
    items = [_item(str(number), ask) for number, ask in enumerate(asks, 1)]
    if chained:
        for before, item in pairwise(items):
            item["dependsOn"] = [before["id"]]
    return Ask("POST", "/$batch", {"requests": items})


def sort_out(outer: Answer, count: int) -> list[Answer]:
    """The answers in the order of the questions. One that is missing, or was given twice, is lost."""
    found: dict[str, Answer] = {}
    twice: set[str] = set()
    responses = (outer.body or {}).get("responses")
    for response in responses if isinstance(responses, list) else ():
        if isinstance(response, dict) and isinstance(response.get("status"), int):
            id_ = str(response.get("id"))
            twice |= {id_} & found.keys()
            found[id_] = _item_answer(response, outer)
    missing = lost(Temporary(f"Microsoft's answer to a batch left something open. {AGAIN}"))
    ids = [str(number) for number in range(1, count + 1)]
    return [missing if id_ in twice else found.get(id_, missing) for id_ in ids]


def not_begun(answers: Sequence[Answer]) -> set[int]:
    """Which answers of a chain say no more than that something before them failed."""
    behind: set[int] = set()
    failed = False
    for place, answer in enumerate(answers):
        if failed and answer.status == _NOT_BEGUN:
            behind.add(place)
        failed = failed or not 200 <= answer.status < 300
    return behind


def _item(id_: str, ask: Ask) -> Json:
    headers = {"Prefer": PREFER, **ask.headers}
    item: Json = {"id": id_, "method": ask.method, "url": ask.path, "headers": headers}
    if ask.body is not None:
        item["body"] = ask.body
        headers["Content-Type"] = "application/json"
    return item


def _item_answer(response: Json, outer: Answer) -> Answer:
    headers = response.get("headers")
    named = (
        {str(name).lower(): str(value) for name, value in headers.items()}
        if isinstance(headers, dict)
        else {}
    )
    body: Any = response.get("body")
    trace = {name: outer.headers[name] for name in ("date", "request-id") if name in outer.headers}
    return Answer(
        response["status"],
        {**trace, **named},
        {} if body is None else body if isinstance(body, dict) else None,
    )
