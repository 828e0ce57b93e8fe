"""From a pack file's text to what is wrong with it: every error with its line, its key and the mend."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from bot.errors import Problem
from bot.policy import clauses, counts, stages
from bot.policy.marks import NotYaml, Path, line_of, load

PACK_KEYS = (
    *("name", "title", "source", "version", "review_by", "covers", "adds_kinds", "leaves_out_excluded"),
    *("closures", "counts", "clauses", "publisher", "implemented", "url", "extends", "law"),
    *("holidays_confirmed_until", "pack", "only", "without"),
)


def parse(name: str, text: str) -> tuple[dict[str, Any], dict[Path, int], tuple[Problem, ...]]:
    """The plain value of the file and the lines of its keys, or the one problem that stops reading."""
    try:
        value, lines = load(text)
    except NotYaml as error:
        return {}, {}, (Problem(f"{name}:{error.line}:", error.what, error.mend, "run refused"),)
    if not isinstance(value, dict):
        what = "the file is empty" if value is None else "the file is not a list of keys and values"
        mend = "A pack starts with title, source, covers and clauses; see another pack in rules/."
        return {}, {}, (Problem(f"{name}:1:", what, mend, "run refused"),)
    return value, lines, ()


def explain_errors(
    name: str, error: ValidationError, beside: Iterable[tuple[Path, str, str]], lines: Mapping[Path, int]
) -> tuple[Problem, ...]:
    """Each error, and what else was found ``beside`` them, as a problem on its line, in the file's order."""
    found = [
        (item["loc"], *_words(item["type"], item["loc"], item)) for item in error.errors(include_url=False)
    ]
    in_order = sorted([*found, *beside], key=lambda one: line_of(lines, one[0]))
    return explain_contradictions(name, in_order, lines)


def explain_contradictions(
    name: str, found: Iterable[tuple[Path, str, str]], lines: Mapping[Path, int]
) -> tuple[Problem, ...]:
    """Each contradiction as a problem on its line."""
    return tuple(
        Problem(f"{name}:{line_of(lines, path)}:{_key(path)}", what, mend, "run refused")
        for path, what, mend in found
    )


def _key(path: Path) -> str:
    return ".".join(map(str, path))


def _words(kind: str, path: Path, item: Any) -> tuple[str, str]:
    key = str(path[-1]) if path else ""
    said = f"{key!r}: {item['msg']}, found {item['input']!r}", "See `rules schema` for what belongs here."
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(key, all_keys(), 1, 0.6)
        mend = "Take it out, or see `rules schema` for what there is."
        if key in close:
            mend = f"{key!r} belongs elsewhere in a pack; see `rules schema`."
        elif close:
            mend = f"Did you mean {close[0]!r}?"
        said = f"the key {key!r} is not known here", mend
    elif kind.startswith("date"):
        said = f"{item['input']!r} is not a day", "Write it as YYYY-MM-DD, without a time."
    elif kind == "string_type":
        said = f"{item['input']!r} is not text", f'Put it in quotes: "{item["input"]}".'
    elif kind == "missing":
        said = f"{key!r} is wanting", f"Add {key!r}."
    elif kind == "too_short":
        said = f"{key!r} is empty", f"Give at least one under {key!r}."
    elif kind == "literal_error":
        expected = str(item["ctx"]["expected"]).replace(" or ", ", ").replace("'", "")
        close = difflib.get_close_matches(str(item["input"]), expected.split(", "), 1, 0.5)
        hint = f"Did you mean {close[0]!r}? " if close else ""
        said = f"{item['input']!r} is not one of the words for {key!r}", f"{hint}There are: {expected}."
        if {"must", "met_by", "keeps"} & set(path):
            what = f"no column of visits.csv could show that {item['input']!r} was met"
            said = what, f"{hint}What a visit's record can show: {expected}."
    elif kind == "value_error":
        what, _, mend = str(item["ctx"]["error"]).partition("; ")
        said = what, (mend[:1].upper() + mend[1:] + "." if mend else "Change it as said.")
    return said


def all_keys() -> list[str]:
    """Every key that the language knows."""
    models = [
        model
        for room in (counts, stages, clauses)
        for model in vars(room).values()
        if isinstance(model, type) and hasattr(model, "model_fields")
    ]
    fields = [(name, field.alias) for model in models for name, field in model.model_fields.items()]
    return sorted({alias or name for name, alias in fields} | set(PACK_KEYS))
