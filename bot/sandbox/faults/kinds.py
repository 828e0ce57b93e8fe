"""Every kind of bad day, said once: the API's help, the page's panel and the docs are made of this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

VERBS = ("GET", "POST", "PATCH", "PUT", "DELETE")
# The statuses that can be answered, each with Graph's usual word and sentence.
CODES = {
    400: ("ErrorInvalidRequest", "The request is invalid."),
    401: ("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."),
    403: ("ErrorAccessDenied", "Access is denied. Check credentials and try again."),
    404: ("ErrorItemNotFound", "The specified object was not found in the store."),
    409: ("ErrorConflict", "The request conflicts with the state of the resource."),
    410: ("SyncStateNotFound", "The sync state is not found."),
    412: ("ErrorIrresolvableConflict", "The change key does not match the current change key for the item."),
    424: ("FailedDependency", "The request was not made because one it depends on failed."),
    429: ("ApplicationThrottled", "Application is over its request limit."),
    500: ("InternalServerError", "The server met an unexpected condition."),
    502: ("BadGateway", "An upstream service answered wrongly."),
    503: ("ServiceUnavailable", "The service is temporarily unavailable."),
    504: ("GatewayTimeout", "An upstream service did not answer in time."),
    507: ("InsufficientStorage", "The storage quota was exceeded."),
}
LIST_FAULTS = ("empty", "loop", "twice", "skip")
TOKEN_FAULTS = ("token_expired", "token_revoked")
BATCH_FAULTS = ("left_out", "told_twice")
DOES: Mapping[str, str] = {
    "reset": "the connection breaks, and nothing was done",
    "reset_done": "it is done, and the connection breaks before the answer",
    "cut": "it is done, and the answer breaks off in the middle",
    "half": "it is done, and the JSON of the answer stops in the middle although nothing breaks",
    "web_page": "nothing is done, and a proxy answers 200 with a web page of its own",
    "slow": "it is done, and takes longer",
    "empty": "a list is answered with nothing in it",
    "loop": "the link to a list's next page leads back to the same page",
    "twice": "an event stands on two pages of a list",
    "skip": "an event stands on no page of a list",
    "left_out": "an item of a batch is done, and the answer of the batch leaves it out",
    "told_twice": "an item of a batch is done, and the batch tells it twice: as it was and as 503",
    "token_expired": "every token given so far has expired",
    "token_revoked": "every token given so far was revoked",
    "secret_expired": "the sign-in says that the client secret has expired",
    "gone": "the mailbox has vanished",
    "skew": "the stand-in's clock is wrong",
}
# What lasts until it is cleared, where nothing says how often: the others strike once.
LASTING = frozenset({"gone", "loop", "skew"})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of bad day: what it is called, what happens, and an order that can be sent as it stands."""

    name: str
    title: str
    words: str
    example: dict[str, Any] = field(hash=False)


_WHO = "ann@council.example"


def _error(status: int, title: str, words: str, **more: Any) -> Kind:
    return Kind(str(status), f"{status} {title}", words, {"do": str(status), "mailbox": _WHO} | more)


KINDS: list[Kind] = [
    Kind(
        "429",
        "429, wait in seconds",
        "The next request to the mailbox is refused and told to stay away for so many seconds. Whoever comes "
        "to the mailbox before then is refused again and told twice as long.",
        {"do": "429", "mailbox": _WHO, "retry_after": 2},
    ),
    Kind(
        "429_date",
        "429, wait as a date",
        "The same, with the moment until when to stay away, as an HTTP date.",
        {"do": "429", "mailbox": _WHO, "retry_after": 2, "retry_after_as": "date"},
    ),
    Kind(
        "429_third_patch",
        "The third PATCH to a mailbox",
        "By script: the first two changes in the mailbox go through, the third is told to slow down.",
        {"do": "429", "mailbox": _WHO, "verb": "PATCH", "nth": 3, "retry_after": 1},
    ),
    Kind(
        "503_rate",
        "Some of everything",
        "By chance: so great a share of the requests to mailboxes is refused, the same ones whenever the "
        "seed is the same.",
        {"do": "503", "rate": 0.2, "seed": 7},
    ),
    _error(500, "internal error", "The next request to the mailbox fails, and nothing was done."),
    _error(502, "bad gateway", "The next request to the mailbox fails, and nothing was done."),
    _error(
        503,
        "unavailable",
        "The next request to the mailbox is refused for now, and told when to come again.",
        retry_after=1,
    ),
    _error(
        504, "timeout", "The next request to the mailbox got no answer behind the gateway; nothing was done."
    ),
    _error(507, "mailbox full", "Nothing more can be put into the mailbox.", verb="POST"),
    _error(410, "gone", "The place in a list that was asked for is no longer known.", verb="GET"),
    _error(
        412,
        "changed meanwhile",
        "A change is refused as if somebody had changed the event since, although nobody had.",
        verb="PATCH",
    ),
    Kind(
        "503_done",
        "Done, but 503",
        "The event is made, and the answer is 503 ErrorConcurrentItemSave.",
        {"do": "503_done", "mailbox": _WHO, "verb": "POST"},
    ),
    Kind(
        "504_done",
        "Done, but 504",
        "The work is done, and the gateway gives up before it hears so.",
        {"do": "504_done", "mailbox": _WHO, "verb": "POST"},
    ),
    Kind(
        "reset",
        "Connection broken before",
        "The connection breaks, and nothing was done.",
        {"do": "reset", "mailbox": _WHO},
    ),
    Kind(
        "reset_done",
        "Done, but the answer lost",
        "The event is made, and the connection breaks before the answer.",
        {"do": "reset_done", "mailbox": _WHO, "verb": "POST"},
    ),
    Kind(
        "cut",
        "Cut in the middle of the answer",
        "The answer begins, and the connection breaks half-way through its body.",
        {"do": "cut", "mailbox": _WHO},
    ),
    Kind(
        "half",
        "Half of the JSON",
        "The answer comes whole by its length, but its JSON stops in the middle; the work is done.",
        {"do": "half", "mailbox": _WHO},
    ),
    Kind(
        "web_page",
        "A proxy's web page",
        "A proxy in between answers 200 with its own HTML page, and Microsoft hears nothing of the request.",
        {"do": "web_page", "mailbox": _WHO},
    ),
    Kind("slow", "Slow", "The next request takes longer by so many ms.", {"do": "slow", "ms": 120}),
    Kind(
        "batch",
        "A whole batch fails",
        "The $batch request itself is refused, with nothing in it done.",
        {"do": "503", "path": "$batch"},
    ),
    Kind(
        "left_out",
        "A batch leaves an item out",
        "An item of a batch is done, and the answer of the batch says nothing of it.",
        {"do": "left_out", "mailbox": _WHO},
    ),
    Kind(
        "told_twice",
        "A batch tells an item twice",
        "An item of a batch is done, and the batch answers its id twice: as it was, and as 503.",
        {"do": "told_twice", "mailbox": _WHO},
    ),
    Kind(
        "page",
        "Page 3 of a list fails",
        "The first two pages of a list of events come, the third does not.",
        {"do": "500", "mailbox": _WHO, "path": "events", "page": 3},
    ),
    Kind(
        "loop",
        "A list without end",
        "The link to the next page leads to the same page again, for as long as the fault stands.",
        {"do": "loop", "mailbox": _WHO, "path": "events"},
    ),
    Kind(
        "twice",
        "One event on two pages",
        "The last event of a page comes again as the first of the next, as when one is put in meanwhile.",
        {"do": "twice", "mailbox": _WHO, "path": "events"},
    ),
    Kind(
        "skip",
        "One event on no page",
        "The first event of the next page is left out, as when something before it is deleted meanwhile.",
        {"do": "skip", "mailbox": _WHO, "path": "events"},
    ),
    Kind(
        "empty",
        "A list of nothing",
        "A list is answered 200 with nothing in it, although there are items.",
        {"do": "empty", "mailbox": _WHO, "path": "events"},
    ),
    Kind(
        "token_expired",
        "Token expired",
        "Every token given so far has expired: 401, until a new one is fetched.",
        {"do": "token_expired"},
    ),
    Kind(
        "token_revoked",
        "Token revoked",
        "Every token given so far was revoked: 401 with a challenge, until a new one is fetched.",
        {"do": "token_revoked"},
    ),
    Kind(
        "sign_in",
        "Sign-in in difficulty",
        "The next sign-in is answered 503; the tokens given so far hold.",
        {"do": "503", "path": "/token"},
    ),
    Kind(
        "secret_expired",
        "Client secret expired",
        "Every sign-in is refused, since the client secret has expired (AADSTS7000222).",
        {"do": "secret_expired", "times": None},
    ),
    Kind(
        "skew",
        "Clock wrong",
        "The stand-in's clock runs so many seconds fast (or slow, below zero): the Date header, the times in "
        "tokens and of what is written.",
        {"do": "skew", "seconds": 600},
    ),
    Kind(
        "gone",
        "A mailbox vanishes",
        "From the third request on the mailbox is there no more: 404 MailboxNotEnabledForRESTAPI, until the "
        "fault is cleared. The person stays in the directory.",
        {"do": "gone", "mailbox": _WHO, "nth": 3},
    ),
    Kind(
        "outage",
        "An hour of outage",
        "Every request to a mailbox is refused for so many seconds, and then all is well.",
        {"do": "503", "for_seconds": 3600, "retry_after": 60},
    ),
    Kind(
        "day",
        "One bad day",
        "On this date of the stand-in's calendar, and on no other, every second request is refused.",
        {"do": "503", "on": "2026-12-04", "rate": 0.5},
    ),
]

FIELDS: Mapping[str, str] = {
    "do": "What happens: a status, with “_done” after it where the work is done all the same; or a word.",
    "verb": "Only requests with this verb.",
    "mailbox": "Only requests to this mailbox, by address or id.",
    "path": "Only requests whose path holds this. Only so are $batch itself and the sign-in (/token) struck.",
    "page": "Only this page of a list (1 is the first).",
    "nth": "The first to suffer is the how many-eth that fits (1).",
    "each": "“all”: counted over everything; “mailbox”: counted for each mailbox by itself (all).",
    "times": "How many suffer; null for every one that follows (1; every one where the fault is one that "
    "lasts or goes by rate, date or seconds).",
    "rate": "Each that fits suffers with this chance, from 0 to 1.",
    "seed": "What chance is drawn from (the stand-in's own seed). Who suffers depends on it, the mailbox, "
    "the verb and the how many-eth of these it is; not on what else is going on.",
    "for_seconds": "So long from its ordering; then it is over.",
    "on": "Only on this date of the stand-in's calendar, like 2026-12-04.",
    "retry_after": "Seconds to stay away, told with a status.",
    "retry_after_as": "“seconds” or “date” (seconds).",
    "lengthen": "Whether who comes too early after a 429 is refused again and told longer (true).",
    "code": "Graph's word for the error, in place of the usual one of that status.",
    "ms": "How much longer slow takes, in milliseconds (1000).",
    "seconds": "How far the clock is wrong, for skew.",
}
