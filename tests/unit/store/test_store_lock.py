"""One process at a time keeps diaries from a store: the second is told who has it, the dead hold nothing."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.errors import Permanent
from bot.store.database import Store, open_store
from bot.store.lock import Occupied, keeping

REPO = Path(__file__).resolve().parents[3]
HOLDING = """
import sys, time
from bot.store.database import open_store
from bot.store.lock import keeping
with keeping(open_store(sys.argv[1]), "serve"):
    print("held", flush=True)
    time.sleep(60)
"""


def address(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


def held_for_a_moment(store: Store) -> None:
    with keeping(store, "run"):
        pass


@pytest.fixture
def second(store: Store):
    opened = open_store(address(store))
    yield opened
    opened.close()


def test_the_second_is_refused_and_told_who_has_it_and_since_when(store: Store, second: Store) -> None:
    with keeping(store, "run"), pytest.raises(Occupied) as refused, keeping(second, "undo"):
        pass
    words = str(refused.value)
    assert f"`run`, process {os.getpid()} on {socket.gethostname()}" in words
    assert re.search(r"since \d{4}-\d\d-\d\d \d\d:\d\d", words)
    assert "Nothing was done" in words
    assert "Wait" in words


def test_what_was_let_go_can_be_taken_again_also_after_an_error(store: Store, second: Store) -> None:
    with pytest.raises(ZeroDivisionError), keeping(store, "run"):
        _ = 1 / 0
    with keeping(second, "run"):
        pass
    with keeping(store, "run"):
        pass


def test_a_service_holds_it_through_all_of_its_own_runs(store: Store, second: Store) -> None:
    with keeping(store, "serve"):
        for _ in range(2):
            run = threading.Thread(target=held_for_a_moment, args=(store,))
            run.start()
            run.join()
        with pytest.raises(Occupied, match="`serve`"), keeping(second, "run"):
            pass


def test_reading_and_writing_need_no_lock_so_that_plan_works_beside_a_run(
    store: Store, second: Store
) -> None:
    with keeping(store, "run"):
        assert second.take_fence() == 1


def test_one_that_was_killed_is_in_nobodys_way(store: Store) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDING, address(store)], stdout=subprocess.PIPE, text=True, cwd=REPO
    )
    assert holder.stdout is not None
    with holder, holder.stdout:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Occupied, match=f"`serve`, process {holder.pid} "), keeping(store, "run"):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    for _ in range(100):  # a server needs a moment to notice
        try:
            with keeping(store, "run"):
                return
        except Occupied:
            threading.Event().wait(0.05)
    pytest.fail("the dead still hold it")


def test_a_lock_file_that_cannot_be_made_is_said_with_the_mend(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'bot.db'}")
    (tmp_path / "bot.db.lock").mkdir()
    with pytest.raises(Permanent, match="Check the rights"), keeping(store, "run"):
        pass
    store.close()
