"""Logs without people in them: events, counts, jobs and worker ids; never a name, an address or a child.

JSON lines to stderr for a machine, coloured lines at a terminal. Libraries that would log bodies or tokens
are held at WARNING.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


def configure(*, quiet: bool = False) -> None:
    """Set logging up once for the process.

    ``quiet``: for a command that prints what it did and what it could not, so that nothing is said twice.
    """
    terminal = sys.stderr.isatty()
    renderer: Any = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL if quiet else logging.INFO),
        logger_factory=_to_stderr,
        cache_logger_on_first_use=False,
    )
    for name in ("O365", "msal", "urllib3", "requests", "apscheduler", "alembic", "sqlalchemy", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _to_stderr(*_: Any) -> structlog.PrintLogger:
    """To what stderr is when the line is written: it may have been another when logging was set up."""
    return structlog.PrintLogger(sys.stderr)
