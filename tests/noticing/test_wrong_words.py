"""A word that a council's own templates get wrong is told before a run, and not met in the middle of one."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from quarterkit.looks import look

from bot.rendering.templates import TEMPLATES
from bot.run.world import World
from bot.store import notices, outbox
from bot.verdict import Held


def with_own(world: World, folder: Path) -> World:
    shutil.copytree(TEMPLATES, folder, dirs_exist_ok=True)
    return replace(world, settings=world.settings.model_copy(update={"templates": folder}))


def test_a_run_with_a_wrong_word_under_a_condition_nobody_meets_is_refused_whole(
    world: World, tmp_path: Path
) -> None:
    own = with_own(world, tmp_path / "words")
    list_ = tmp_path / "words" / "worker_list.txt.j2"
    good = list_.read_text(encoding="utf-8")
    list_.write_text(good + "{% if list.children > 999 %}{{ list.nonsense }}{% endif %}\n", encoding="utf-8")
    with pytest.raises(Held, match=rf"words/worker_list\.txt\.j2:{good.count(chr(10)) + 1}"):
        look(own)
    assert (outbox.unsent(world.store), notices.remembered(world.store)) == ((), ())
    list_.write_text(good, encoding="utf-8")
    look(own)
    assert outbox.unsent(world.store)
