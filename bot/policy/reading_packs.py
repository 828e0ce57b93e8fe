"""From a pack file's text to what is wrong with it: every error with its line, its key and the mend."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bot.errors import Problem
from bot.policy import clauses as parts
from bot.policy.marks import NotYaml, Path, line_of, load

if TYPE_CHECKING:
    from bot.policy.pack import Pack

KNOWN_KINDS = (
    "referral",
    "early_help",
    "section_47",
    "child_in_need",
    "child_protection",
    "in_our_care",
    "short_breaks",
    "adoptive_placement",
    "private_fostering",
    "temporary_carer",
    "interim_care_order_home",
    "care_order_home",
    "missing",
    "care_leaver",
)
PACK_KEYS = (
    *("name", "title", "source", "version", "review_by", "covers", "adds_kinds", "leaves_out_excluded"),
    *("closures", "counts", "clauses", "publisher", "implemented", "url"),
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


def explain_errors(name: str, error: ValidationError, lines: dict[Path, int]) -> tuple[Problem, ...]:
    """Each error as a problem on its line, in the file's order."""
    found = []
    for item in error.errors(include_url=False):
        path = tuple(part for part in item["loc"])
        line = line_of(lines, path)
        what, mend = _words(item["type"], path, item)
        found.append((line, Problem(f"{name}:{line}:{'.'.join(map(str, path))}", what, mend, "run refused")))
    return tuple(problem for _, problem in sorted(found, key=lambda pair: pair[0]))


def contradictions(pack: Pack) -> list[str]:
    """What no single part can see: ids used twice, kinds nobody knows, references to nothing."""
    found = []
    ids = Counter(clause.id for clause in pack.clauses if clause.in_force is None)
    found += [
        f"the clause id {id_!r} stands {n} times; give each clause its own" for id_, n in ids.items() if n > 1
    ]
    known = (*KNOWN_KINDS, *pack.adds_kinds)
    said = [*pack.covers, *(kind for clause in pack.clauses for kind in clause.for_)]
    for kind in sorted(set(said) - set(known)):
        close = difflib.get_close_matches(kind, known, 1)
        hint = f"did you mean {close[0]!r}?" if close else "a council's own kinds stand under 'adds_kinds'"
        found.append(f"{kind!r} is not a plan kind: {hint}")
    everything = {id_ for clause in pack.clauses for id_ in clause.every_id}
    for clause in pack.clauses:
        refers = [id_ for rule in clause.concerns for id_ in rule.of_clauses]
        refers += clause.after_attempt.latest_among if clause.after_attempt else ()
        for clock in clause.clocks:
            refers += [id_ for id_ in (clock.starts.else_first_counted_by, clock.starts.else_due_of) if id_]
            refers += clock.also_as
        found += [
            f"{clause.id} refers to {id_!r}, which is no clause here"
            for id_ in refers
            if id_ not in everything
        ]
        if not _does_something(clause):
            found.append(
                f"{clause.id} asks for nothing: give it a clock, a must or a concern, or 'guidance: true'"
            )
    return found


def _does_something(clause: parts.Clause) -> bool:
    asked = (
        clause.clocks,
        clause.must,
        clause.limits,
        clause.concerns,
        clause.own_frequency,
        clause.requests,
    )
    rest = (clause.after_attempt, clause.while_away, clause.recording, clause.roles, clause.guidance)
    return any(asked) or any(rest)


def _words(kind: str, path: Path, item: Any) -> tuple[str, str]:
    key = str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(key, _all_keys(), 1, 0.6)
        mend = (
            f"Did you mean {close[0]!r}?"
            if close
            else "Take it out, or see `rules schema` for what there is."
        )
        return f"the key {key!r} is not known here", mend
    if kind == "missing":
        return f"{key!r} is wanting", f"Add {key!r}."
    if kind in {"literal_error", "enum"}:
        expected = str(item["ctx"]["expected"]).replace(" or ", ", ").replace("'", "")
        close = difflib.get_close_matches(str(item["input"]), expected.split(", "), 1, 0.5)
        hint = f"Did you mean {close[0]!r}? " if close else ""
        return f"{item['input']!r} is not one of the words for {key!r}", f"{hint}There are: {expected}."
    if kind == "value_error":
        message = str(item["ctx"]["error"])
        what, _, mend = message.partition("; ")
        return what, (mend[:1].upper() + mend[1:] + "." if mend else "Change it as said.")
    if not path:
        return str(item["msg"]), "Change it as said."
    return f"{key!r}: {item['msg']}, found {item['input']!r}", "See `rules schema` for what belongs here."


def _all_keys() -> list[str]:
    models = [
        model for model in vars(parts).values() if isinstance(model, type) and hasattr(model, "model_fields")
    ]
    fields = [(name, field.alias) for model in models for name, field in model.model_fields.items()]
    return sorted({alias or name for name, alias in fields} | set(PACK_KEYS))
