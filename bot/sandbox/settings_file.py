"""Reads a stand-in's settings file, so that every mistake in it is said at once, with its line and the mend.

A file that was misread would make a stand-in other than the one somebody meant, and tests against it would
pass for nothing: so nothing unknown is passed over.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from cryptography import x509

from bot.sandbox.faults.fault import Fault
from bot.sandbox.faults.spelling import Misspelt
from bot.sandbox.settings import (
    EVERY_PERMISSION,
    KNOWN_PERMISSIONS,
    Said,
    SandboxSettings,
    Wrong,
    nearest,
    said_of,
    wrong_with,
)

PERMISSIONS, FAULTS = "permissions", "faults"
EVERYONE = "everyone"
TABLES = {
    "": "",
    "sign_in": "How applications sign in.",
    "limits": "How much one application may do.",
    "latency": "How long work takes.",
    "documents": "Where Microsoft's documents vary or say nothing.",
}


@dataclass(frozen=True, slots=True)
class FromFile:
    """What a file asks for: what the stand-in is, and the bad days ordered for it."""

    settings: SandboxSettings
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in the file: where, what, and how to mend it."""

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.mend}"


class FileRefused(ValueError):
    """A settings file that cannot be used, with everything that is wrong in it."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


def load(path: Path) -> FromFile:
    """Read a file; raises :class:`FileRefused` with every mistake in it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        table = tomllib.loads(text)
    except OSError as error:
        what = f"the file cannot be read ({error.strerror})"
        raise FileRefused([Mistake(str(path), what, "Name another, or make it readable.")]) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise FileRefused([Mistake(f"{path}:{line}", "this is not UTF-8", "Save it as UTF-8.")]) from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), .*\)", str(error))
        where = f"{path}:{found[1]}" if found else f"{path}"
        raise FileRefused([Mistake(where, f"this is not TOML: {error}", "Mend that line.")]) from None
    return _Reading(path, text).read(table)


class _Reading:
    """One file being read; mistakes are gathered until the end."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.mistakes: list[Mistake] = []
        self._lines = lines_of(text)
        self._by_key = {(said.table, said.key or name): name for name, said in said_of().items()}

    def read(self, table: dict[str, Any]) -> FromFile:
        given: dict[str, Any] = {}
        tables = [name for name in TABLES if name] + [PERMISSIONS, FAULTS]
        for key, value in table.items():
            if key == PERMISSIONS:
                given["grants"] = self._grants(value)
            elif key == FAULTS:
                continue
            elif key in TABLES:
                if isinstance(value, dict):
                    for inner, said in value.items():
                        self._take(given, (key, inner), said)
                else:
                    self.wrong((key,), f"{key} is a table, not a value", f"Begin a line with [{key}].")
            elif ("", key) in self._by_key:
                self._take(given, ("", key), value)
            else:
                known = tables + [name for where, name in self._by_key if not where]
                self.wrong((key,), f"{key} is not known", self._elsewhere(key) or nearest(key, known))
        faults = self._faults(table.get(FAULTS, []))
        if self.mistakes:
            raise FileRefused(self.mistakes)
        return FromFile(SandboxSettings(**given), faults)

    def wrong(self, key: tuple[str | int, ...], what: str, mend: str) -> None:
        line = next((self._lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in self._lines), 1)
        self.mistakes.append(Mistake(f"{self.path}:{line}", what, mend))

    def _elsewhere(self, key: str) -> str | None:
        """A key that stands in the wrong table."""
        found = [where for where, name in self._by_key if name == key]
        return (
            f"It belongs {f'under [{found[0]}]' if found[0] else 'above every [table]'}." if found else None
        )

    def _take(self, given: dict[str, Any], place: tuple[str, str], value: Any) -> None:
        where = tuple(part for part in place if part)
        name = self._by_key.get(place)
        if name is None:
            known = [key for table, key in self._by_key if table == place[0]]
            mend = self._elsewhere(place[1]) or nearest(place[1], known)
            self.wrong(where, f"{'.'.join(where)} is not a setting", mend)
            return
        if name == "certificates":
            given[name] = self._certificates(where, value)
            return
        if name == "drive" and isinstance(value, str):
            value = self.path.parent / value if value else None
        if (wrong := wrong_with(name, value)) is not None:
            self._say(where, wrong)
        else:
            given[name] = value

    def _say(self, where: tuple[str, ...], wrong: Wrong) -> None:
        self.wrong(where, f"{'.'.join(where)}: {wrong.what}", wrong.mend)

    def _certificates(self, where: tuple[str, ...], value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.wrong(where, f"{'.'.join(where)} is not a list of files", 'Write ["bot.crt"].')
            return ()
        found = []
        for name in value:
            file = self.path.parent / name
            try:
                pem = file.read_text(encoding="ascii")
                x509.load_pem_x509_certificate(pem.encode())
            except OSError as error:
                what = f"the certificate {file} cannot be read ({error.strerror})"
                self.wrong(where, what, "Mend the path; it is relative to this file.")
            except ValueError:
                what = f"{file} is not a certificate in PEM"
                self.wrong(where, what, "It begins with -----BEGIN CERTIFICATE-----.")
            else:
                found.append(pem)
        return tuple(found)

    def _grants(self, table: Any) -> dict[str, frozenset[str] | None]:
        if not isinstance(table, dict):
            self.wrong(
                (PERMISSIONS,), f"{PERMISSIONS} is a table, not a value", f"Begin with [{PERMISSIONS}]."
            )
            return {}
        found: dict[str, frozenset[str] | None] = {}
        for permission, reach in table.items():
            where = (PERMISSIONS, permission)
            if permission not in KNOWN_PERMISSIONS:
                mend = nearest(permission, list(KNOWN_PERMISSIONS))
                if isinstance(reach, dict):
                    mend = f'A name with dots stands in quotes: "{permission}.{next(iter(reach), "…")}" = …'
                self.wrong(where, f"{permission} is not a permission known here", mend)
            elif reach == EVERYONE:
                found[permission] = None
            elif isinstance(reach, list) and all(isinstance(one, str) and "@" in one for one in reach):
                found[permission] = frozenset(reach)
            else:
                mend = f'Write "{EVERYONE}", or the addresses: ["ann@council.example"].'
                self.wrong(where, f"{permission} reaches {reach!r}, which is nobody's mailbox", mend)
        return found

    def _faults(self, tables: Any) -> tuple[Fault, ...]:
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            self.wrong((FAULTS,), f"{FAULTS} is not a list of tables", f"Begin each with [[{FAULTS}]].")
            return ()
        found = []
        for number, one in enumerate(tables):
            try:
                found.append(Fault.read({key: _plain(value) for key, value in one.items()}))
            except Misspelt as error:
                for problem in error.problems:
                    self.wrong((FAULTS, number), f"fault {number + 1} cannot be ordered", problem)
        return tuple(found)


def _plain(value: Any) -> Any:
    """A value as JSON would bring it: TOML has dates of its own."""
    return value.isoformat() if isinstance(value, date) else value


def lines_of(text: str) -> dict[tuple[str | int, ...], int]:
    """The line of every key and table of a TOML text; the tables of a list by their number."""
    found: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    counts: dict[str, int] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if match := re.match(r"\[\[\s*(.+?)\s*\]\]", line):
            name = match[1].strip("\"'")
            table = (name, counts.get(name, 0))
            counts[name] = counts.get(name, 0) + 1
            found.setdefault((name,), number)
            found[table] = number
        elif match := re.match(r"\[\s*(.+?)\s*\]", line):
            table = _keys(match[1])
            found.setdefault(table, number)
        elif match := re.match(r"((?:\"[^\"]*\"|'[^']*'|[\w.-])+)\s*=", line):
            keys = (*table, *_keys(match[1]))
            for length in range(len(table) + 1, len(keys) + 1):
                found.setdefault(keys[:length], number)
    return found


def _keys(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.\s]+", dotted))


def example() -> str:
    """A file that says every default, with what each means."""
    lines = [
        "# A stand-in's settings: python run_bot.py sandbox --settings FILE",
        "# Every value here is the default. docs/stand-in.md says what Microsoft 365 does.",
    ]
    defaults = SandboxSettings()
    by_table: dict[str, list[tuple[str, Said]]] = {}
    for one in fields(SandboxSettings):
        if "said" in one.metadata:
            by_table.setdefault(one.metadata["said"].table, []).append((one.name, one.metadata["said"]))
    for table, words in TABLES.items():
        if table:
            lines += ["", f"# {words}", f"[{table}]"]
        for name, said in by_table[table]:
            value = _toml(getattr(defaults, name))
            lines += ["", f"# {said.words}", f"{said.key or name} = {value}"]
    lines += [
        "",
        "# What the application may do, and in whose mailboxes. What is not here is not granted.",
        f'# "{EVERYONE}", or a list of addresses: ["ann@council.example"].',
        f"[{PERMISSIONS}]",
        *(f'"{name}" = "{EVERYONE}"' for name in EVERY_PERMISSION),
        "",
        "# Bad days, as many as are wanted; docs/stand-in.md lists what can go wrong. For one:",
        f"# [[{FAULTS}]]",
        '# do = "429"',
        '# verb = "PATCH"',
        "# nth = 3",
        "# retry_after = 2",
    ]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) or value is None:
        return f'"{value or ""}"'
    return "[]" if value == () else f"{value}"
