"""Bad days on order: the third PATCH to this mailbox fails, and it fails the way that was asked for."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from bot.sandbox.graph.wire import GraphRequest
from bot.sandbox.tenant.refusal import GraphError, bad_request

CODES = {
    401: ("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."),
    403: ("ErrorAccessDenied", "Access is denied. Check credentials and try again."),
    404: ("ErrorItemNotFound", "The specified object was not found in the store."),
    409: ("ErrorConflict", "The request conflicts with the state of the resource."),
    410: ("SyncStateNotFound", "The sync state is not found."),
    412: ("ErrorIrresolvableConflict", "The change key does not match the current change key for the item."),
    429: ("ApplicationThrottled", "Application is over its request limit."),
    500: ("InternalServerError", "The server met an unexpected condition."),
    502: ("BadGateway", "An upstream service answered wrongly."),
    503: ("ServiceUnavailable", "The service is temporarily unavailable."),
    504: ("GatewayTimeout", "An upstream service did not answer in time."),
    507: ("InsufficientStorage", "The storage quota was exceeded."),
}
LINES = ("reset", "reset_done", "cut", "slow")


@dataclass(slots=True)
class Fault:
    """One bad thing: which requests it waits for, and what it does to them."""

    do: str
    verb: str | None = None
    mailbox: str | None = None  # the address
    path: str | None = None  # a part of the path; only so are $batch itself and the sign-in reached
    nth: int = 1  # the nth request that fits is the first to suffer
    times: int | None = 1  # how many suffer; None for all that follow
    rate: float | None = None  # or each with this chance
    retry_after: int | None = None
    retry_after_as: str = "seconds"
    ms: float = 1000  # how slow is slow
    seen: int = field(default=0, compare=False)
    struck: int = field(default=0, compare=False)

    @property
    def status(self) -> int | None:
        """The status it answers with, if it does."""
        digits = self.do.removesuffix("_done")
        return int(digits) if digits.isdigit() else None

    @property
    def is_done(self) -> bool:
        """Whether the work is done all the same."""
        return self.do.endswith("_done") or self.do in ("cut", "slow")

    def error(self, now: datetime) -> GraphError:
        """What it answers."""
        status = self.status or 500
        code, message = CODES[status]
        if status == 503 and self.is_done:
            code, message = (
                "ErrorConcurrentItemSave",
                "The item was saved by another request at the same time.",
            )
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = (
                format_datetime(now + timedelta(seconds=self.retry_after), usegmt=True)
                if self.retry_after_as == "date"
                else str(self.retry_after)
            )
        return GraphError(status, code, message, headers)

    @classmethod
    def read(cls, sent: Any) -> Fault:
        """A fault from JSON; a misspelt one is refused, or a test would pass for nothing."""
        known = set(cls.__dataclass_fields__) - {"seen", "struck"}
        if not isinstance(sent, dict) or "do" not in sent or set(sent) - known:
            raise bad_request(f"A fault is an object with 'do' and any of {sorted(known)}.", "BadRequest")
        try:
            fault = cls(**(sent | {"do": str(sent["do"])}))
        except TypeError as error:
            raise bad_request(str(error), "BadRequest") from None
        if fault.do not in LINES and fault.status not in CODES:
            raise bad_request(
                f"A fault cannot do '{fault.do}'; it does {', '.join(LINES)} or a status of {sorted(CODES)}, "
                "with '_done' after it where the work is to be done all the same.",
                "BadRequest",
            )
        return fault


class Faults:
    """The bad days that were ordered and are still to come. One thread uses it."""

    def __init__(self, seed: int = 0) -> None:
        self.ordered: list[Fault] = []
        self._random = random.Random(seed)  # noqa: S311 - chance for tests, not secrets

    def before(self, request: GraphRequest, address: str | None) -> Fault | None:
        """The fault that strikes this request, if one does."""
        for fault in self.ordered:
            if self._fits(fault, request, address):
                fault.seen += 1
                if self._strikes(fault):
                    fault.struck += 1
                    return fault
        return None

    def _fits(self, fault: Fault, request: GraphRequest, address: str | None) -> bool:
        if fault.path is None and (request.path == "$batch" or request.mailbox is None):
            return False
        return (
            (fault.verb is None or fault.verb.upper() == request.verb)
            and (fault.mailbox is None or fault.mailbox.casefold() == (address or "").casefold())
            and (fault.path is None or fault.path.casefold() in request.path.casefold())
        )

    def _strikes(self, fault: Fault) -> bool:
        if fault.seen < fault.nth or (fault.times is not None and fault.struck >= fault.times):
            return False
        return fault.rate is None or self._random.random() < fault.rate
