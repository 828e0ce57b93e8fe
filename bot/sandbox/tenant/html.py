"""What Exchange does to a body: it keeps its own version, so that what is read back is not what was sent."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

PREVIEW = 255
LOOKED_AT = 8192
_META = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
_BEFORE = f"<html>\r\n<head>\r\n{_META}\r\n</head>\r\n<body>\r\n"
_AFTER = "\r\n</body>\r\n</html>\r\n"
_DROPPED = frozenset({"script", "iframe", "object", "embed", "applet", "form", "base", "link"})
_VOID = frozenset({"br", "hr", "img", "meta", "input", "col", "wbr", "area", "source"})
_UNSAFE_URL = re.compile(r"^\s*(javascript|vbscript|data:text/html)", re.IGNORECASE)
# A body without any of this has nothing to be cleaned of; reading every body would be most of the work.
_SUSPECT = re.compile(
    r"<\s*(?:script|iframe|object|embed|applet|form|base|link)\b|\bon\w+\s*=|&#|javascript:|vbscript:|data:text",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"<!--.*?-->|<(style|script|title|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(r"</?(?:p|div|br|li|tr|h[1-6]|table|ul|ol|hr)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>?")
_SPACE = re.compile(r"\s+")
_HTML, _HEAD, _BODY = (re.compile(rf"<{name}[\s>]", re.IGNORECASE) for name in ("html", "head", "body"))
_HEAD_TAG = re.compile(r"(<head[^>]*>)", re.IGNORECASE)
_BODY_TAG = re.compile(r"(<body)", re.IGNORECASE)
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "table", "ul", "ol", "hr"})


class _Cleaner(HTMLParser):
    """Writes the markup again without what could run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._dropping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._dropping += tag in ("script", "iframe", "object", "applet")
            return
        if self._dropping:
            return
        kept = "".join(
            f' {name}="{html.escape(value or "")}"'
            for name, value in attrs
            if not name.startswith("on") and not _UNSAFE_URL.match(value or "")
        )
        self.out.append(f"<{tag}{kept}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropping = max(0, self._dropping - (tag in ("script", "iframe", "object", "applet")))
        elif not self._dropping and tag not in _VOID:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        """Outlook's conditional comments are kept."""
        if not self._dropping:
            self.out.append(f"<!--{data}-->")


class _Texter(HTMLParser):
    """Keeps the words alone."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._hidden += tag in ("style", "title", "script")
        if tag in _BLOCKS:
            self.out.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in ("style", "title", "script")))
        if tag in _BLOCKS:
            self.out.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.out.append(_SPACE.sub(" ", data))


def _cleaned(content: str) -> str:
    cleaner = _Cleaner()
    cleaner.feed(content)
    cleaner.close()
    return "".join(cleaner.out)


def framed(inner: str) -> str:
    """What was sent without a page around it, with the page that Exchange puts there."""
    return f"{_BEFORE}{inner}{_AFTER}"


def unframed(content: str) -> str | None:
    """What stands in that page; None where the page is another."""
    inner = content[len(_BEFORE) : -len(_AFTER)]
    return inner if framed(inner) == content else None


def rewritten(content: str, content_type: str) -> str:
    """A body as Exchange hands it back: a whole page, its charset named, nothing in it that runs."""
    if content_type.casefold() == "text":
        inner = html.escape(content, quote=False).replace("\n", "<br>\r\n")
        content = f'<font size="2"><div class="PlainText">{inner}</div></font>'
    clean = _cleaned(content) if _SUSPECT.search(content) else content
    lowered = clean.lower()
    if "<body" not in lowered and "<head" not in lowered and "<html" not in lowered:  # as most are sent
        return framed(clean)
    if not _BODY.search(clean):
        clean = f"<body>\r\n{clean}\r\n</body>"
    if _HEAD.search(clean):
        if "charset=utf-8" not in clean:
            clean = _HEAD_TAG.sub(rf"\1\r\n{_META}", clean, count=1)
    else:
        clean = _BODY_TAG.sub(rf"<head>\r\n{_META}\r\n</head>\r\n\1", clean, count=1)
    if not _HTML.search(clean):
        clean = f"<html>\r\n{clean}\r\n</html>\r\n"
    return clean


def as_text(content: str) -> str:
    """The words of a body."""
    texter = _Texter()
    texter.feed(content)
    texter.close()
    return _tidy(texter.out)


def preview(content: str) -> str:
    """The first words, as a list shows them. Every item gets one, hence no parser: it is ten times dearer."""
    head = _SPACE.sub(" ", _HIDDEN.sub("", content[:LOOKED_AT]))
    return _tidy([html.unescape(_TAG.sub("", _BLOCK.sub("\n", head)))])[:PREVIEW]


def _tidy(parts: list[str]) -> str:
    lines = (line.strip() for line in "".join(parts).splitlines())
    return "\r\n".join(line for line in lines if line)
