"""What a cell may hold, so that reading is columns at once and every refusal can say what was wanted.

Each kind of cell turns text into values by Polars expressions (null where it cannot be read) and has the
words for the person who must mend it. A cell is first tried as it stands, which is quick; only a column with
failures is tried again tidied (trimmed, lower case), and what still fails becomes a problem.

Privacy is decided here too: ``shown`` is what may be repeated of a cell. Of names, initials, dates of birth
and free text only the *sort* of thing found is ever said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

Values = Callable[[str, pl.Expr], list[pl.Expr]]

# Line feed and tab belong in a note, but in no id or code.
CONTROL = r"[\x00-\x1f\x7f]"
CONTROL_IN_TEXT = r"[\x00-\x08\x0b-\x1f\x7f]"
_FORMULA_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
_DATE_LIKE = re.compile(r"[0-9]{1,4}[-/. ][0-9A-Za-z]{1,9}[-/. ][0-9]{1,4}([T ][0-9:.]{1,12}Z?)?")
_ANOTHER_WAY = re.compile(r"[0-9]{1,2}[-/. ][0-9A-Za-z]{1,9}[-/. ][0-9]{2,4}.*")
_DAY_NUMBER = re.compile(r"[1-9][0-9]{4}(\.[0-9]+)?")
_CODE_LIKE = re.compile(r"[\w .,()/@+'&=<>#!?*:;%-]{1,40}")


def sort_of(text: str) -> str:
    """Say what sort of thing stands in a cell without repeating any of it."""
    if re.fullmatch(r"[0-9]+([.,][0-9]+)?", text):
        return "a number"
    if _DATE_LIKE.fullmatch(text):
        return "something like a date"
    if text[:1] in "=+@" and len(text) > 1:
        return "something like a formula"
    if not text.isprintable():
        return "text with unprintable signs"
    return "a single sign" if len(text) == 1 else f"text of {len(text)} signs"


def _code_shown(found: str) -> str:
    return f"“{found}”" if _CODE_LIKE.fullmatch(found) else sort_of(found)


def _answer_shown(found: str) -> str:
    return f"“{found}”" if re.fullmatch(r"\w{1,8}", found) else sort_of(found)


def _date_shown(found: str) -> str:
    dated = _DATE_LIKE.fullmatch(found) or _DAY_NUMBER.fullmatch(found) or found in _FORMULA_ERRORS
    return f"“{found}”" if dated else sort_of(found)


def _date_fault(found: str) -> str:
    if found in _FORMULA_ERRORS:
        return "is what a formula shows that failed, not a date"
    if _DAY_NUMBER.fullmatch(found):
        return "is a number, perhaps a spreadsheet's count of days, not a date"
    if _ANOTHER_WAY.fullmatch(found):
        return "is a date written another way; which is day and which is month is not guessed at"
    return "is not a date"


@dataclass(frozen=True, slots=True)
class Cell:
    """A kind of cell. The first of the columns that ``values`` gives is null where the text is unreadable;
    reading makes the others null with it.
    """

    values: Values
    fault: str | Callable[[str], str]
    wanted: str
    shown: Callable[[str], str] = _code_shown
    any_case: bool = True
    guarded: Values | None = None
    """Used for ``values`` in a file with control characters or line ends in cells: dearer, so only then."""
    second: Values | None = None
    """Used for ``values`` at the second try, where the first is a quick one that leaves some for later."""

    def fault_of(self, found: str) -> str:
        """Why this text cannot be read, to follow what was found."""
        return self.fault if isinstance(self.fault, str) else self.fault(found)

    def kept_private(self) -> Cell:
        """The same, but nothing found in it is ever repeated."""
        return replace(
            self, shown=sort_of, fault=self.fault if isinstance(self.fault, str) else "cannot be read"
        )


def tidy(raw: pl.Expr) -> pl.Expr:
    """Trimmed text; blank is null."""
    stripped = raw.str.strip_chars()
    return pl.when(stripped != "").then(stripped)


def _as_it_stands(raw: pl.Expr, fits: pl.Expr) -> pl.Expr:
    """The text, if nothing stands around it: to trim every cell would cost more than to look."""
    return pl.when((raw.str.strip_chars() == raw) & fits).then(raw)


def _quick_identifier(name: str, raw: pl.Expr) -> list[pl.Expr]:
    fits = raw.str.len_bytes().is_between(1, 100) & ~raw.str.starts_with("#")
    return [_as_it_stands(raw, fits).alias(name)]


def _identifier(name: str, raw: pl.Expr) -> list[pl.Expr]:
    text = tidy(raw)
    return [pl.when((text.str.len_bytes() <= 100) & ~text.is_in(_FORMULA_ERRORS)).then(text).alias(name)]


def _guarded_identifier(name: str, raw: pl.Expr) -> list[pl.Expr]:
    [text] = _identifier(name, raw)
    return [pl.when(~text.str.contains(CONTROL)).then(text).alias(name)]


def _quick_text(name: str, raw: pl.Expr) -> list[pl.Expr]:
    return [_as_it_stands(raw, raw != "").alias(name)]


def _text(name: str, raw: pl.Expr) -> list[pl.Expr]:
    return [tidy(raw).alias(name)]


def _guarded_text(name: str, raw: pl.Expr) -> list[pl.Expr]:
    return [tidy(raw.str.replace_all("\r\n?", "\n").str.replace_all(CONTROL_IN_TEXT, " ")).alias(name)]


def _instant(raw: pl.Expr) -> pl.Expr:
    size = raw.str.len_bytes()
    # The year 26 or 2206 is a slip of the pen.
    likely = raw.str.starts_with("20") | raw.str.starts_with("19")
    timed = pl.when((size == 16) & likely).then(raw)
    bare = pl.when((size == 10) & likely).then(raw)
    return pl.coalesce(
        timed.str.to_datetime("%Y-%m-%dT%H:%M", strict=False, time_unit="us", cache=False),
        bare.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us")),
    )


def _day(name: str, raw: pl.Expr) -> list[pl.Expr]:
    return [_instant(raw).dt.date().alias(name)]


def _moment(name: str, raw: pl.Expr) -> list[pl.Expr]:
    size = raw.str.len_bytes()
    return [_instant(raw).alias(name), pl.when(size >= 10).then(size == 16).alias(f"{name}_timed")]


def _yes_no(name: str, raw: pl.Expr) -> list[pl.Expr]:
    return [pl.when((raw == "yes") | (raw == "no")).then(raw == "yes").alias(name)]


def _open_code(name: str, raw: pl.Expr) -> list[pl.Expr]:
    text = tidy(raw).str.to_lowercase()
    return [pl.when((text.str.len_bytes() <= 60) & ~text.str.contains(CONTROL)).then(text).alias(name)]


def _initials(name: str, raw: pl.Expr) -> list[pl.Expr]:
    text = tidy(raw)
    fits = text.str.contains(r"^(([\p{Lu}\p{Lo}]\p{M}*\.?){1,5}|(\p{L}\p{M}*\.){1,5}|(\p{L}\p{M}*){1,2})$")
    return [pl.when(fits).then(text).alias(name)]


def _email(name: str, raw: pl.Expr) -> list[pl.Expr]:
    text = tidy(raw).str.to_lowercase()
    atom = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
    label = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
    fits = text.str.contains(rf"^{atom}(\.{atom})*@{label}(\.{label})+$")
    return [pl.when(fits & (text.str.len_bytes() <= 254)).then(text).alias(name)]


def _every(name: str, raw: pl.Expr) -> list[pl.Expr]:
    text = tidy(raw).str.to_lowercase().str.replace_all(r"\s+", " ")
    shape = r"^([1-9]\d{0,3}) (working day|day|week|month|year|hour)s?$"
    number = text.str.extract(shape, 1).cast(pl.Int32, strict=False)
    return [number.alias(f"{name}_n"), (text.str.extract(shape, 2) + "s").alias(f"{name}_unit")]


def _weekdays(name: str, raw: pl.Expr) -> list[pl.Expr]:
    text = tidy(raw).str.to_lowercase()
    fits = text.str.contains(r"^(mon|tue|wed|thu|fri|sat|sun)([\s,]+(mon|tue|wed|thu|fri|sat|sun))*$")
    days = text.str.replace_all(r"[\s,]+", " ").str.split(" ").list.unique(maintain_order=True)
    return [pl.when(fits).then(days).alias(name)]


def _difficulty(name: str, raw: pl.Expr) -> list[pl.Expr]:
    return [pl.when(raw.is_in(("1", "2", "3"))).then(raw).cast(pl.Int8, strict=False).alias(name)]


IDENTIFIER = Cell(
    _quick_identifier,
    "is not an id",
    "Write the id as it stands in the case system: one line, at most 100 letters and figures.",
    any_case=False,
    guarded=_guarded_identifier,
    second=_identifier,
)
TEXT = Cell(
    _quick_text,
    "cannot be kept",
    "Write plain text.",
    sort_of,
    any_case=False,
    guarded=_guarded_text,
    second=_text,
)
DAY = Cell(_day, _date_fault, "Write it as YYYY-MM-DD, as in 2026-11-23.", _date_shown, any_case=False)
MOMENT = Cell(
    _moment,
    _date_fault,
    "Write it as YYYY-MM-DD or YYYY-MM-DDTHH:MM, as in 2026-11-23 or 2026-11-23T14:30 (London time).",
    _date_shown,
    any_case=False,
)
YES_NO = Cell(
    _yes_no, "is not yes or no", "Write yes or no, or leave it blank where it is not known.", _answer_shown
)
OPEN_CODE = Cell(_open_code, "is too long, or not one line", "Write one word of the rule packs, in one line.")
INITIALS = Cell(
    _initials,
    "is more than initials",
    "Write initials only, as in J.S. or JS, or leave it blank.",
    sort_of,
    any_case=False,
)
EMAIL = Cell(_email, "is not an e-mail address", "Write one whole address: name@council.example.", sort_of)
EVERY = Cell(
    _every,
    "is not a frequency",
    "Write a number and one of days, working days, weeks, months, years, hours, as in 5 working days.",
)
WEEKDAYS = Cell(
    _weekdays, "is not a list of days", "Write the days with spaces between, as in mon tue wed thu fri."
)
DIFFICULTY = Cell(_difficulty, "is not 1, 2 or 3", "Write 1, 2 or 3, or leave it blank.")


def code(*choices: str) -> Cell:
    """One of a few words."""

    def values(name: str, raw: pl.Expr) -> list[pl.Expr]:
        return [pl.when(raw.is_in(choices)).then(raw).alias(name)]

    return Cell(values, "is not a word known here", f"Write one of: {', '.join(choices)}.")


def open_code(*usual: str) -> Cell:
    """Any word, of which a few are so usual that they are taken at sight."""

    def values(name: str, raw: pl.Expr) -> list[pl.Expr]:
        return [pl.when(raw.is_in(usual)).then(raw).alias(name)]

    return replace(OPEN_CODE, values=values, second=_open_code)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a source: its name and what its cells hold."""

    name: str
    cell: Cell
    required: bool = False
    blank: str | None = None
    """What a blank cell is read as, where that is not simply "not known"."""
    unreadable: Literal["ignored", "row", "yes"] = "ignored"
    """What becomes of a cell that cannot be read in a column that may be blank. Where a blank would say too
    much, its row is set aside; where "not known" would be careless, it reads as yes."""
