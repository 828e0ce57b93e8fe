"""Paths within paths: `/root:/folder/file.xlsx:/content` and `/sites/host:/sites/team:/drive`."""

from __future__ import annotations


def fold(segments: tuple[str, ...]) -> tuple[str, ...]:
    """The same path with each inner path as one segment, after the one that ends with a colon."""
    found: list[str] = []
    rest = list(segments)
    while rest:
        segment = rest.pop(0)
        found.append(segment)
        opens = segment.endswith(":") and (
            segment.casefold() == "root:" or (len(found) > 1 and found[-2].casefold() in ("items", "sites"))
        )
        if not opens:
            continue
        inner: list[str] = []
        while rest:
            part = rest.pop(0)
            inner.append(part.removesuffix(":"))
            if part.endswith(":"):
                break
        found.append("/".join(inner))
    return tuple(found)
