"""Where a process touches the world: each request it sends and each transaction that it commits. A test can
count these places, do something at one of them, or let the process end there.

A process that has ended does nothing more, in whatever thread: every later place ends it again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy.engine import Connection

from bot.outlook.session import Session
from bot.store.database import Store


class Stopped(BaseException):
    """The process ended here. Nothing may catch it."""


class Seams:
    """The places passed since the last ``begin``, in order, by name."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.begin()

    def begin(
        self,
        *,
        stop_at: int = 0,
        stop_after: tuple[str, Callable[[], bool]] | None = None,
        at: int = 0,
        after: tuple[str, Callable[[], None]] | None = None,
        do: Callable[[], None] | None = None,
    ) -> None:
        """Count anew from 1. The process ends at place ``stop_at``, or ``stop_after`` a call of that name
        once something is so; at place ``at``, or first ``after`` a call of that name, something is done.
        """
        with self._lock:
            self.passed: list[str] = []
            self.ended = False
            self._stop_at, self._stop_after = stop_at, stop_after
            self._at: int | str = f"after {after[0]}" if after else at
            self._do = after[1] if after else do

    def cross(self, name: str) -> None:
        with self._lock:
            if self.ended:
                raise Stopped(name)
            self.passed.append(name)
            number = len(self.passed)
            self.ended = number == self._stop_at or self._stops_after(name)
            do = self._do if self._is_time(number, name) else None
            if do is not None:
                self._do = None
        if self.ended:
            raise Stopped(name)
        if do is not None:
            do()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What another process does meanwhile is not counted, and ends with nobody."""
        with self._lock:
            kept = vars(self).copy()
            self.begin()
        try:
            yield
        finally:
            with self._lock:
                vars(self).update(kept)

    def _is_time(self, number: int, name: str) -> bool:
        """Not inside a transaction: another process would wait for its end, and it for the other's."""
        if isinstance(self._at, str):
            return name == self._at
        return 0 < self._at <= number and name != "before a commit"

    def _stops_after(self, name: str) -> bool:
        return bool(self._stop_after) and name == f"after {self._stop_after[0]}" and self._stop_after[1]()


def watched(monkeypatch: pytest.MonkeyPatch) -> Seams:
    """The seams of every bot of this test."""
    seams = Seams()
    send, transaction = Session.request, Store.transaction

    def request(session: Session, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        what = f"{method} {urlsplit(url).path.rsplit('/', 1)[-1]}"
        seams.cross(f"before {what}")
        answer = send(session, method, url, *args, **kwargs)
        seams.cross(f"after {what}")
        return answer

    @contextmanager
    def counted(store: Store) -> Iterator[Connection]:
        wrote = False
        with transaction(store) as connection:
            before = _changes(connection)
            yield connection
            wrote = _changes(connection) != before
            if wrote:
                seams.cross("before a commit")
        if wrote:
            seams.cross("after a commit")

    monkeypatch.setattr(Session, "request", request)
    monkeypatch.setattr(Store, "transaction", counted)
    return seams


def _changes(connection: Connection) -> int:
    """How much was written on it so far; PostgreSQL counts the transactions that wrote anything."""
    if connection.dialect.name == "postgresql":
        return int(
            connection.exec_driver_sql("SELECT pg_current_xact_id_if_assigned() IS NOT NULL").scalar_one()
        )
    return int(connection.connection.dbapi_connection.total_changes)  # type: ignore[union-attr]
