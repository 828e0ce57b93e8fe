"""One request with the tenant it is about: what every answering function is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from bot.sandbox.graph import operands
from bot.sandbox.graph.filters import EXTENDED, AnyOf, holds, indexed, paths, sortable, value_at
from bot.sandbox.graph.odata import Options, unknown_property
from bot.sandbox.graph.wire import GraphRequest, GraphResponse, Preferences
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Tenant
from bot.sandbox.tenant.mailbox import Item, Kind, Mailbox
from bot.sandbox.tenant.refusal import GraphError, NotFound, bad_request
from bot.sandbox.tenant.series import Happening


@dataclass
class Context:
    """A request being answered, under the tenant's lock."""

    tenant: Tenant
    settings: SandboxSettings
    request: GraphRequest
    named: dict[str, str]  # the path's variables

    @cached_property
    def preferences(self) -> Preferences:
        """The Prefer header, read."""
        return Preferences.of(self.request.headers.get("prefer", ""))

    @cached_property
    def mailbox(self) -> Mailbox:
        """The mailbox that the path names."""
        user = self.named["user"]
        try:
            return self.tenant.mailbox(user)
        except NotFound as error:
            if error.code == "MailboxNotEnabledForRESTAPI":
                raise
            raise NotFound("ErrorInvalidUser", f"The requested user '{user}' is invalid.") from None

    @property
    def now(self) -> datetime:
        """The tenant's clock."""
        return self.tenant.clock.now()

    @property
    def body(self) -> dict[str, Any]:
        """The body, which must be an object."""
        if not isinstance(self.request.body, dict):
            raise bad_request(
                "Unable to read JSON request payload. Please ensure Content-Type header is set and payload "
                "is of valid JSON format.",
                "BadRequest",
            )
        return self.request.body

    @property
    def page_size(self) -> int:
        """How long a page is where $top does not say."""
        return self.preferences.page_size or self.settings.page_size

    def answer(self, status: int, body: Any = None, headers: dict[str, str] | None = None) -> GraphResponse:
        """An answer, saying which preferences were followed."""
        headers = dict(headers or {})
        if self.preferences.applied:
            headers["Preference-Applied"] = ", ".join(self.preferences.applied)
        return GraphResponse(status, body, headers)

    def one(self, resource: dict[str, Any], status: int = 200) -> GraphResponse:
        """A single resource, with where its type is described."""
        context = {"@odata.context": f"{self.request.base}$metadata#{self.request.path}/$entity"}
        return self.answer(status, context | resource)

    def item(self, kind: Kind) -> Item:
        """The event or message that the path names."""
        return self.mailbox.find(kind, self.named["id"])

    def check_etag(self, item: Happening) -> None:
        """If-Match: what somebody changed in between is not overwritten."""
        wanted = self.request.headers.get("if-match")
        if wanted is None or wanted.strip() == "*":
            return
        if item.etag.removeprefix("W/") not in [one.strip().removeprefix("W/") for one in wanted.split(",")]:
            raise GraphError(
                412,
                "ErrorIrresolvableConflict",
                "The send or update operation could not be performed because the change key passed in the "
                "request does not match the current change key for the item.",
            )


@dataclass(frozen=True, slots=True)
class Listing:
    """What can be listed: where the items are, which of them belong, and in what order they come."""

    kind: Kind
    items: Callable[[], Iterable[Any]]  # items, or occurrences that are shown like them
    belongs: Callable[[Any], bool]
    show: Callable[[Any], dict[str, Any]]
    has: frozenset[str]
    unfilterable: frozenset[str]
    rank: Callable[[Any], Any] | None = None
    descending: bool = False
    by_tag: bool = True  # whether what carries a tag is all there is to look at


def matching(mailbox: Mailbox, options: Options, listing: Listing) -> Iterator[Any]:
    """The items that fit the filter, in the order asked for; by the index where the filter names a tag."""
    named = paths(options.filter) if options.filter else []
    for path in [*named, *(path for path, _ in options.order)]:
        name = path.split("/")[0]
        if name not in listing.has:
            raise unknown_property(name, f"microsoft.graph.{listing.kind}")
        if name in listing.unfilterable:
            raise bad_request(
                f"The property '{name}' does not support filtering.", "ErrorInvalidUrlQueryFilter"
            )
    if options.filter is not None:
        operands.check(options.filter)
    tags = indexed(options.filter)
    if not listing.by_tag:
        tags = []
    rarest = min(tags, key=partial(mailbox.by_property.how_many, listing.kind), default=None)
    source = listing.items() if rarest is None else mailbox.by_property(listing.kind, rarest)
    found = (item for item in source if listing.belongs(item))
    # A filter that only names a tag is answered by the index; reading every item again would say the same.
    if options.filter is not None and not (tags and isinstance(options.filter, AnyOf)):
        condition, by_tags_alone = options.filter, set(named) == {EXTENDED}
        found = (
            item
            for item in found
            if holds(condition, {} if by_tags_alone else listing.show(item), item.extended)
        )
    if options.order:
        ordered = list(found)
        for path, descending in reversed(options.order):
            ordered.sort(key=lambda item, path=path: _rank(listing.show(item), path), reverse=descending)  # type: ignore[misc]  # a lambda's default has no type
        return iter(ordered)
    if listing.rank is not None:
        return iter(sorted(found, key=listing.rank, reverse=listing.descending))
    return found


def _rank(resource: dict[str, Any], path: str) -> tuple[bool, Any]:
    value = sortable(value_at(resource, path))
    return value is not None, value if value is not None else 0
