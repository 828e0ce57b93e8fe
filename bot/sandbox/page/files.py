"""How a file that came with a mail is handed out: to be kept, never to be opened as part of the page."""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

# Types that a browser may be told of; anything else, above all what could run, is only bytes.
_HARMLESS = frozenset(
    {
        *("application/pdf", "application/zip", "image/png", "image/jpeg", "image/gif", "image/webp"),
        *("text/plain", "text/csv", "text/calendar", "application/msword", "application/vnd.ms-excel"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


def download(attachment: dict[str, Any]) -> Response:
    """The file with its name, as something to be saved."""
    name = _UNFIT.sub("_", str(attachment["name"])).strip(". ") or "attachment"
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    kind = str(attachment.get("contentType") or "").split(";")[0].strip().lower()
    return Response(
        base64.b64decode(attachment["contentBytes"]),
        media_type=kind if kind in _HARMLESS else "application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )
