"""What the slice of Graph's description leaves out and the stand-in answers all the same, each with why.

A request to anywhere else is a finding. Where the slice knows the same thing under another address, that
description holds here too; where it does not, errors must still have Graph's shape and a list its envelope.
"""

from __future__ import annotations

import re
from typing import Any

# A folder of messages holds messages, and any calendar's event is an event.
ALIKE = {
    "/users/{user-id}/mailFolders/{mailFolder-id}/messages": "/users/{user-id}/messages",
    "/users/{user-id}/mailFolders/{mailFolder-id}/messages/{message-id}": (
        "/users/{user-id}/messages/{message-id}"
    ),
    "/users/{user-id}/mailFolders/{mailFolder-id}/messages/{message-id}/send": (
        "/users/{user-id}/messages/{message-id}/send"
    ),
    "/users/{user-id}/mailFolders/{mailFolder-id}/messages/{message-id}/attachments": (
        "/users/{user-id}/messages/{message-id}/attachments"
    ),
    "/users/{user-id}/calendar/events/{event-id}/attachments": (
        "/users/{user-id}/events/{event-id}/attachments"
    ),
    "/users/{user-id}/calendars/{calendar-id}/events/{event-id}/attachments": (
        "/users/{user-id}/events/{event-id}/attachments"
    ),
}


def with_places(address: str, operation: dict[str, Any]) -> dict[str, Any]:
    """The operation at this address: its name left out, every part of the path that varies declared."""
    varying = re.findall(r"{([^}]+)}", address)
    kept = [one for one in operation.get("parameters", ()) if one.get("in") != "path"]
    places = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in varying
    ]
    return {name: said for name, said in operation.items() if name != "operationId"} | {
        "parameters": [*places, *kept]
    }


LIST = ("$top", "$skip", "$filter", "$orderby", "$select", "$expand", "$count", "$search")
ONE = ("$select", "$expand")
MESSAGE = {"$ref": "#/components/schemas/microsoft.graph.message"}
ATTACHMENT = {"$ref": "#/components/schemas/microsoft.graph.attachment"}
ERROR = {"$ref": "#/components/schemas/odataError"}
ANY_LIST = {
    "type": "object",
    "required": ["value"],
    "properties": {"value": {"type": "array", "items": {"type": "object"}}},
    "patternProperties": {"^@odata\\.": {}},
    "additionalProperties": False,
}
ANY_ONE = {"type": "object", "not": {"required": ["error"]}}
PEOPLE = "the slice is of mailboxes; people come from the directory"
FOLDERS = "the slice has messages, not the folders they lie in"
PARTS = "the slice has the whole settings, not one of them alone"
PIECES = "the slice has lists of attachments, not one alone"
FILES = "the slice is of mailboxes; workbooks come from a drive"


def _operation(why: str, query: tuple[str, ...], answers: dict[str, Any]) -> dict[str, Any]:
    said = {
        status: {"description": why} | ({"content": _json(schema)} if schema else {})
        for status, schema in answers.items()
    }
    return {
        "x-outside": why,
        "parameters": [{"name": name, "in": "query", "schema": {}} for name in query]
        + [{"name": "Prefer", "in": "header", "schema": {"type": "string"}}],
        "responses": said | {"default": {"description": "error", "content": _json(ERROR)}},
    }


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _sending(operation: dict[str, Any]) -> dict[str, Any]:
    sent = {"type": "object"}
    return operation | {"requestBody": {"required": True, "content": _json(sent)}}


def paths() -> dict[str, dict[str, Any]]:
    """The paths outside the slice, described as far as they can be."""
    user = "/users/{user-id}"
    folder = f"{user}/mailFolders/{{mailFolder-id}}"
    found = {
        "/users": {"get": _operation(PEOPLE, LIST, {"200": ANY_LIST})},
        user: {"get": _operation(PEOPLE, ONE, {"200": ANY_ONE})},
        f"{user}/manager": {"get": _operation(PEOPLE, ONE, {"200": ANY_ONE})},
        f"{user}/mailboxSettings/{{setting}}": {"get": _operation(PARTS, (), {"200": ANY_ONE})},
        f"{user}/mailFolders": {"get": _operation(FOLDERS, LIST, {"200": ANY_LIST})},
        folder: {"get": _operation(FOLDERS, ONE, {"200": ANY_ONE})},
    }
    for messages in (f"{user}/messages", f"{folder}/messages"):
        one = f"{messages}/{{message-id}}"
        found |= {
            f"{one}/move": {"post": _sending(_operation(FOLDERS, (), {"201": MESSAGE}))},
            f"{one}/attachments/{{attachment-id}}": {
                "get": _operation(PIECES, ONE, {"200": ATTACHMENT}),
                "delete": _operation(PIECES, (), {"204": {}}),
            },
        }
    return found
