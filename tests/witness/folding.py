"""What real clients write otherwise than the description: an enum in any case, a boolean as a string.

Graph takes both (O365 sends `"isOnlineMeeting": "false"`), so both are put straight before a body is judged.
Nothing else is: a property that is misspelt stays misspelt.
"""

from __future__ import annotations

from typing import Any

UNHEEDED = "depends_on"  # how Microsoft's Python library writes dependsOn, which Graph passes over
BOOLEANS = {"true": True, "false": False}


class Folding:
    """Folds bodies by the schemas of one description."""

    def __init__(self, components: dict[str, Any]) -> None:
        self._schemas = components["schemas"]

    def __call__(self, value: Any, schema: dict[str, Any]) -> Any:
        if "$ref" in schema:
            schema = self._schemas[schema["$ref"].rpartition("/")[2]]
        for alternative in schema.get("anyOf", ()):
            value = self(value, alternative)
        match value:
            case dict():
                known = schema.get("properties", {})
                return {
                    name: self(one, known.get(name, {})) for name, one in value.items() if name != UNHEEDED
                }
            case list():
                return [self(one, schema.get("items", {})) for one in value]
            case str():
                return _straight(value, schema)
        return value


def _straight(value: str, schema: dict[str, Any]) -> Any:
    for known in schema.get("enum", ()):
        if isinstance(known, str) and known.casefold() == value.casefold():
            return known
    kinds = schema.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "boolean" in kinds and "string" not in kinds:
        return BOOLEANS.get(value.casefold(), value)
    return value
