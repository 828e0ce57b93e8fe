"""Invented digests that fill every branch of the templates, so that ``check`` can render them before a run.

A council edits templates; what is wrong in one must be found while somebody looks, not at 07:00 on a Monday.
Nobody here exists.
"""

from __future__ import annotations

from bot.rendering.sample.digests import manager_digests
from bot.rendering.sample.entries import entry_bodies
from bot.rendering.sample.lists import mornings, worker_lists
from bot.rendering.sample.notices import notices, welcomes
from bot.rendering.sample.roll_ups import roll_ups
from bot.rendering.sample.undelivered import undelivered

__all__ = [
    "entry_bodies",
    "manager_digests",
    "mornings",
    "notices",
    "roll_ups",
    "undelivered",
    "welcomes",
    "worker_lists",
]
