"""Every kind of mail, with invented values of it: what ``check`` renders before a run, and tests look at.

A kind stands here or nowhere: its two templates are asked for by the name it has here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bot.rendering import mail, notice, sample
from bot.rendering.mail import Mail, MailWords
from bot.rendering.templates import TEMPLATES


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of mail: ``name`` is that of its templates, ``make`` renders one value of it."""

    name: str
    make: Callable[[Any, MailWords, Path], Mail]
    values: Callable[[], tuple[Any, ...]]  # invented ones, that leave no branch of the templates out

    @property
    def templates(self) -> tuple[str, str]:
        """The page and the plain text."""
        return (f"{self.name}.html.j2", f"{self.name}.txt.j2")


KINDS: tuple[Kind, ...] = (
    Kind("worker_list", mail.worker_list, sample.worker_lists),
    Kind("morning", mail.morning, sample.mornings),
    Kind("manager_digest", mail.manager_digest, sample.manager_digests),
    Kind("roll_up", mail.roll_up, sample.roll_ups),
    Kind("undelivered", mail.undelivered, sample.undelivered),
    Kind("notice", notice.notice, sample.notices),
    Kind("welcome", notice.welcome, sample.welcomes),
)


def samples(words: MailWords, folder: Path = TEMPLATES) -> Iterator[tuple[str, Callable[[], Mail]]]:
    """A name for each invented mail ("worker_list-2"), and how to render it."""
    for kind in KINDS:
        for number, value in enumerate(kind.values(), 1):
            yield f"{kind.name}-{number}", partial(kind.make, value, words, folder)
