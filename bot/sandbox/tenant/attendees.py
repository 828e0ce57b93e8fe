"""Who is asked to a meeting, as the organizer's event keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.tenant.refusal import bad_request

NEVER = "0001-01-01T00:00:00Z"


def invited(sent: list[dict[str, Any]], known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The attendees as they are kept: with a name, and with what they have answered so far."""
    answers = {address_of(one): one["status"] for one in known}
    found: dict[str, dict[str, Any]] = {}
    for one in sent:
        address = (one.get("emailAddress") or {}).get("address") or ""
        if "@" not in address.strip("@"):
            raise bad_request(f"The attendee '{address}' is not a valid address.", "ErrorInvalidRecipients")
        found.setdefault(
            address.casefold(),
            {
                "type": one.get("type") or "required",
                "status": answers.get(address.casefold(), {"response": "none", "time": NEVER}),
                "emailAddress": {
                    "name": (one.get("emailAddress") or {}).get("name") or address,
                    "address": address,
                },
            },
        )
    return list(found.values())


def address_of(attendee: Mapping[str, Any]) -> str:
    """Who that is, as addresses compare."""
    return str(attendee["emailAddress"]["address"]).casefold()
