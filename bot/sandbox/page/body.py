"""How a body is shown: as a page of its own that can do nothing, for a frame that lets it do nothing.

A mail is written by somebody else. It is served apart from the page, under a policy that allows its own
styles and its own pictures and no more: a mail that got through every other door is still only looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

# The frame may be measured by the page (allow-same-origin) because nothing in it can ever run.
BODY_POLICY = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_CID = re.compile(r"""(\bsrc\s*=\s*)(["'])\s*cid:([^"'<>\s]+)\s*\2""", re.IGNORECASE)
_PAPER = re.compile(r"background|bgcolor", re.IGNORECASE)
_INK = re.compile(r"\bcolor\s*[:=]", re.IGNORECASE)
_KNOWS_DARK = re.compile(r"prefers-color-scheme|color-scheme", re.IGNORECASE)

_SHEET = """
html { color-scheme: %s; }
body { margin: 0; padding: %s; font: 15px/1.5 -apple-system, "Segoe UI", Roboto, "Noto Sans",
  "Helvetica Neue", "Liberation Sans", Arial, sans-serif; overflow-wrap: anywhere; }
body > :first-child { margin-top: 0; }
img { max-width: 100%%; }
"""
# Ink that was chosen for white paper, on dark: its lightness turned round, its hue kept, pictures left alone.
_TURNED = """
@media (prefers-color-scheme: dark) {
  body { color: #141414; filter: invert(1) hue-rotate(180deg); }
  img { filter: invert(1) hue-rotate(180deg); }
}
"""


def framed(html: str, attachments: Iterable[dict[str, Any]] = ()) -> str:
    """The body as a document for the frame, its pictures put in place.

    One that paints its own paper and knows nothing of the dark is shown on white, as it was meant to be. One
    that only has coloured words stands on the reader's paper, its ink turned where that is dark; one that
    paints nothing takes the reader's colours.
    """
    has_paper, knows_dark = bool(_PAPER.search(html)), bool(_KNOWS_DARK.search(html))
    scheme = "light" if has_paper and not knows_dark else "light dark"
    sheet = _SHEET % (scheme, "12px" if has_paper else "0")
    if _INK.search(html) and not has_paper and not knows_dark:
        sheet += _TURNED
    head = f'<meta charset="utf-8"><title>Body</title><base target="_blank"><style>{sheet}</style>'
    body = with_pictures(html, attachments)
    return f'<!doctype html><html lang="en-GB"><head>{head}</head>{body}'


def with_pictures(html: str, attachments: Iterable[dict[str, Any]]) -> str:
    """Every `cid:` that names a picture among the attachments becomes that picture."""
    pictures = {
        str(one["contentId"])
        .strip("<>")
        .casefold(): f"data:{one['contentType']};base64,{one['contentBytes']}"
        for one in attachments
        if one.get("contentId")
        and str(one.get("contentType", "")).lower() in _PICTURES
        and one.get("contentBytes")
    }

    def picture(found: re.Match[str]) -> str:
        data = pictures.get(found[3].casefold())
        return f"{found[1]}{found[2]}{data}{found[2]}" if data else found[0]

    return _CID.sub(picture, html)
