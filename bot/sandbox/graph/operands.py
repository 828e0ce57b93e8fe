"""Whether what a filter compares can be compared at all: Graph refuses it before it looks at anything."""

from __future__ import annotations

from typing import Any

from bot.sandbox.graph.filters import AnyOf, Both, Compare, Condition, Moment, Opposite
from bot.sandbox.tenant.refusal import bad_request

_BOOLEANS = frozenset(
    {"isRead", "isDraft", "isAllDay", "isCancelled", "isOrganizer", "isOnlineMeeting", "isReminderOn"}
    | {"hasAttachments", "responseRequested", "isDeliveryReceiptRequested", "isReadReceiptRequested"}
)
_MOMENTS = frozenset({"createdDateTime", "lastModifiedDateTime", "receivedDateTime", "sentDateTime"})
_KINDS = {
    "eq": "Equal",
    "ne": "NotEqual",
    "gt": "GreaterThan",
    "ge": "GreaterThanOrEqual",
    "lt": "LessThan",
    "le": "LessThanOrEqual",
}


def check(condition: Condition) -> None:
    """Raise where a property is compared with a value of another type."""
    match condition:
        case Both(parts=parts):
            for part in parts:
                check(part)
        case Opposite(part=part):
            check(part)
        case AnyOf():
            return
        case Compare(path=path, operator=operator, value=value):
            has, given = _type_of(path), _type(value)
            if operator in _KINDS and value is not None and has != given:
                raise bad_request(
                    "A binary operator with incompatible types was detected. Found operand types "
                    f"'{has}' and '{given}' for operator kind '{_KINDS[operator]}'.",
                    "BadRequest",
                )


def _type_of(path: str) -> str:
    if path in _BOOLEANS:
        return "Edm.Boolean"
    if path in _MOMENTS:
        return "Edm.DateTimeOffset"
    return "Edm.Int32" if path == "reminderMinutesBeforeStart" else "Edm.String"


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "Edm.Boolean"
    if isinstance(value, int | float):
        return "Edm.Int32"
    return "Edm.DateTimeOffset" if isinstance(value, Moment) else "Edm.String"
