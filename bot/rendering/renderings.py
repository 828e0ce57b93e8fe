"""Everything that is made of templates, with invented values: mails, the text of entries, papers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from bot.rendering import sample
from bot.rendering.entry import body_html, body_text
from bot.rendering.kinds import KINDS
from bot.rendering.mail import MailWords
from bot.rendering.papers import making
from bot.rendering.papers import sample as papers
from bot.rendering.sample.supervision import supervision_sheets
from bot.rendering.sample.varied import varied

ANSWERED = MailWords("Wrong? Tell your manager.", "duty@council.example")
UNANSWERED = MailWords("Wrong?", "")


@dataclass(frozen=True, slots=True)
class Rendering:
    """One way to render, the templates it begins with, and the values that it is tried with."""

    templates: tuple[str, ...]
    make: Callable[[Any], object]
    values: tuple[Any, ...]
    always: tuple[str, ...] = ()  # fields of the values that are never empty

    def once(self) -> Iterator[Callable[[], object]]:
        """Each value."""
        return (partial(self.make, value) for value in self.values)

    def thoroughly(self) -> Iterator[Callable[[], object]]:
        """Each value, and the first once more for whatever may be missing in it."""
        yield from self.once()
        yield from (partial(self.make, one) for one in varied(self.values[0], self.always))


def renderings(folder: Path) -> Iterator[Rendering]:
    """All there are, from the templates of a folder."""
    for kind in KINDS:
        values = kind.values()
        yield Rendering(kind.templates, partial(_mail, kind.make, ANSWERED, folder), values)
        yield Rendering(kind.templates, partial(_mail, kind.make, UNANSWERED, folder), values[-1:])
    for name, entry in (("entry.html.j2", body_html), ("entry.txt.j2", body_text)):
        yield Rendering((name,), partial(_in, entry, folder), sample.entry_bodies())
    agreements = tuple(diary.agreement for diary in papers.diaries())
    for name, make in (("preparation_sheet", making.preparation_sheet), ("write_up", making.write_up)):
        yield replace(_paper(name, make, papers.sheets(), folder), always=("owed",))
    yield _paper("supervision_sheet", making.supervision_sheet, supervision_sheets(), folder)
    for large in (False, True):
        yield _paper("family_agreement", partial(making.agreement, large=large), agreements, folder)
        yield _paper("family_diary", partial(making.family_diary, large=large), papers.diaries(), folder)


def _paper(name: str, make: Callable[..., object], values: tuple[Any, ...], folder: Path) -> Rendering:
    return Rendering((f"{name}.html.j2",), partial(_in, make, folder), values)


def _mail(make: Callable[..., object], words: MailWords, folder: Path, value: object) -> object:
    return make(value, words, folder)


def _in(make: Callable[..., object], folder: Path, value: object) -> object:
    return make(value, folder)
