"""Reads the settings file, so that every mistake in it is said at once, with its line and the mend."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from bot.errors import Problem, WronglyUsed
from bot.settings import SECRETS, Settings, StoreSettings


def load(path: Path) -> Settings:
    """Read a settings file; raises :class:`WronglyUsed` with every problem in it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise WronglyUsed(
            f"{path}: the settings file cannot be read ({error.strerror}). "
            "Make one with `python run_bot.py init`, or name yours with --config."
        ) from None
    except UnicodeDecodeError as error:
        line = text_line_of(path.read_bytes(), error.start)
        raise WronglyUsed(f"{path}:{line}: not UTF-8. Save the file as UTF-8.") from None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WronglyUsed(f"{path}: not TOML: {error}. Mend that line and try again.") from None
    problems = [
        Problem(
            f"{path}:{_line(text, (key,))}:{key}",
            "a secret stands in the settings file",
            f"Take it out, change it, and put the new one in {SECRETS[key]} or in a file of its own.",
            "run refused",
        )
        for key in SECRETS
        if key in table
    ]
    table = {key: value for key, value in table.items() if key not in SECRETS}
    settings = None
    try:
        settings = Settings(**table)
    except ValidationError as error:
        problems += [_problem(path, text, e) for e in error.errors()]
    if settings is not None:
        settings = _rooted(settings, path.resolve().parent)
        settings, more = _with_secrets(settings, path, text)
        problems += more + _contradictions(settings, path, text)
    if problems or settings is None:
        raise WronglyUsed(f"{path}: the settings have {len(problems)} problem(s).", problems)
    return settings


def text_line_of(raw: bytes, offset: int) -> int:
    """The line, counted from 1, of a byte in a file."""
    return raw[:offset].count(b"\n") + 1


def _rooted(settings: Settings, folder: Path) -> Settings:
    def path(value: Path | None) -> Path | None:
        return None if value is None else folder / value

    microsoft = settings.microsoft
    url = settings.store.url
    if url.startswith("sqlite:///"):
        url = "sqlite:///" + str(folder / url.removeprefix("sqlite:///"))
    return settings.model_copy(
        update={
            "caseload": folder / settings.caseload,
            "rules": folder / settings.rules,
            "templates": folder / settings.templates,
            "microsoft": microsoft.model_copy(
                update={
                    name: path(getattr(microsoft, name))
                    for name in (
                        "client_secret_file",
                        "certificate_file",
                        "private_key_file",
                        "pfx_file",
                        "ca_file",
                    )
                }
            ),
            "diary": settings.diary.model_copy(
                update={"key_secret_file": path(settings.diary.key_secret_file)}
            ),
            "sheets": settings.sheets.model_copy(update={"folder": path(settings.sheets.folder)}),
            "store": StoreSettings(url=url),
        }
    )


def _with_secrets(settings: Settings, path: Path, text: str) -> tuple[Settings, list[Problem]]:
    problems: list[Problem] = []
    update: dict[str, SecretStr] = {}
    files = {
        "client_secret": ("microsoft", "client_secret_file", settings.microsoft.client_secret_file),
        "key_secret": ("diary", "key_secret_file", settings.diary.key_secret_file),
    }
    for name, (table, key, file) in files.items():
        if getattr(settings, name) is not None or file is None:
            continue
        where = f"{path}:{_line(text, (table, key))}:{table}.{key}"
        try:
            secret = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            problems.append(
                Problem(
                    where, f"{file} cannot be read", f"Make the file, or set {SECRETS[name]}.", "run refused"
                )
            )
            continue
        if not secret:
            problems.append(
                Problem(where, f"{file} is empty", "Put the secret in it, on one line.", "run refused")
            )
        else:
            update[name] = SecretStr(secret)
    return settings.model_copy(update=update), problems


def _contradictions(settings: Settings, path: Path, text: str) -> list[Problem]:
    problems = []

    def wrong(keys: tuple[str, ...], what: str, mend: str) -> None:
        problems.append(Problem(f"{path}:{_line(text, keys)}:{'.'.join(keys)}", what, mend, "run refused"))

    microsoft = settings.microsoft
    named = {str(problem.where).rsplit(":", 1)[-1] for problem in problems}
    ways = [
        settings.client_secret is not None or microsoft.client_secret_file is not None,
        microsoft.certificate_file is not None or microsoft.private_key_file is not None,
        microsoft.pfx_file is not None,
    ]
    if sum(ways) == 0 and "microsoft.client_secret_file" not in named:
        wrong(
            ("microsoft",),
            "no way to sign in is given",
            "Name certificate_file and private_key_file, or pfx_file, or client_secret_file, "
            f"or set {SECRETS['client_secret']}.",
        )
    if sum(ways) > 1:
        wrong(
            ("microsoft",),
            "more than one way to sign in is given",
            "Keep one of certificate, pfx and secret.",
        )
    if (microsoft.certificate_file is None) != (microsoft.private_key_file is None):
        wrong(
            ("microsoft",),
            "a certificate needs both certificate_file and private_key_file",
            "Name the missing one, or use pfx_file for both in one.",
        )
    for key in ("certificate_file", "private_key_file", "pfx_file", "ca_file"):
        file = getattr(microsoft, key)
        if file is not None and not file.is_file():
            wrong(("microsoft", key), f"there is no file {file}", "Put the file there, or mend the path.")
    if settings.key_secret is None and settings.diary.key_secret_file is None:
        wrong(
            ("diary",),
            "the secret that keys are made with is missing",
            f"Run `init` to have one made, name it as diary.key_secret_file, or set {SECRETS['key_secret']}. "
            "Keep it: with another one the bot no longer knows its own entries.",
        )
    elif settings.key_secret is not None and len(settings.key_secret.get_secret_value()) < 32:
        wrong(
            ("diary", "key_secret_file"),
            "the key secret has fewer than 32 characters",
            "Run `init` for a good one.",
        )
    allowed = settings.mail.allowed_domains
    mail = settings.mail
    addresses = [("sender", mail.sender), ("reply_to", mail.reply_to), ("redirect_to", mail.redirect_to)]
    for key, address in (*addresses, *(("more_senders", one) for one in mail.more_senders)):
        if address is not None and address.rsplit("@", 1)[1] not in allowed:
            wrong(
                ("mail", key),
                f"{address} is outside the allowed domains ({', '.join(allowed)})",
                "Use an address inside, or add its domain to mail.allowed_domains.",
            )
    return problems


def _problem(path: Path, text: str, error: Any) -> Problem:
    loc = tuple(str(part) for part in error["loc"])
    dotted = ".".join(loc)
    where = f"{path}:{_line(text, loc)}:{dotted}"
    if error["type"] == "extra_forbidden":
        known = _known_keys(loc[:-1])
        close = difflib.get_close_matches(loc[-1], known, 1)
        mend = f"Did you mean {close[0]}?" if close else f"Take it out. Known here: {', '.join(known)}."
        return Problem(where, f"{dotted} is not a setting", mend, "run refused")
    if error["type"] == "missing":
        return Problem(
            where, f"{dotted} is missing", "Add it; `init` shows every setting with a comment.", "run refused"
        )
    found = error.get("input")
    shown = f"{found!r} " if isinstance(found, str | int | float | bool) else ""
    said = error["msg"].removeprefix("Value error, ")
    said = (
        said if said.startswith(("is ", "has ", "must ")) else f"is not right: {said[:1].lower()}{said[1:]}"
    )
    return Problem(where, f"{shown}{said}", f"Mend {dotted}.", "run refused")


def _known_keys(loc: tuple[str, ...]) -> list[str]:
    model: type[BaseModel] = Settings
    for part in loc:
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            model = annotation
    return [name for name in model.model_fields if name not in SECRETS]


def _line(text: str, loc: tuple[str, ...]) -> int:
    """The line of a key in the TOML text, or of its table, or 1: close enough to find it by eye."""
    table: tuple[str, ...] = ()
    best = 1
    keys = tuple(part for part in loc if not part.isdigit())
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if match := re.match(r"\[+\s*([^\]]+?)\s*\]+", line):
            table = tuple(part.strip().strip("\"'") for part in match[1].split("."))
            if table == keys[: len(table)] and len(table) <= len(keys):
                best = number
        elif match := re.match(r"([A-Za-z0-9_.\"'-]+)\s*=", line):
            here = (*table, *(part.strip("\"'") for part in match[1].split(".")))
            if here == keys[: len(here)]:
                return number
    return best
