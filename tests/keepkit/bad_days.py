"""What Microsoft does to a run on a bad day, as orders to the stand-in."""

from __future__ import annotations

# What befalls a run. Those that hide an entry from a list are told apart: with the memory of it lost as well,
# nobody could know that it stands.
HIDING: tuple[dict[str, object], ...] = (
    {"do": "empty", "path": "events", "verb": "GET", "times": 2},
    {"do": "skip", "path": "events", "verb": "GET", "times": 2},
    {"do": "skip", "path": "events", "verb": "GET", "times": None},
)
FAULTS: tuple[dict[str, object], ...] = (
    {"do": "429", "retry_after": 2, "times": 2, "nth": 3},
    {"do": "429", "path": "$batch", "retry_after": 3, "nth": 2},
    {"do": "503", "rate": 0.3, "seed": 5},
    {"do": "503", "path": "$batch", "times": None, "nth": 2},
    {"do": "503_done", "verb": "POST", "path": "events", "times": 2},
    {"do": "503_done", "verb": "POST", "path": "events", "times": None},
    {"do": "504_done", "path": "$batch", "nth": 2},
    {"do": "reset_done", "path": "$batch", "nth": 2, "times": None},
    {"do": "cut", "path": "$batch", "nth": 2},
    {"do": "reset", "path": "$batch", "times": 2},
    {"do": "500", "path": "events", "verb": "GET", "page": 2, "times": None},
    {"do": "500", "path": "events", "verb": "GET", "times": None},
    {"do": "loop", "path": "events", "verb": "GET"},
    {"do": "twice", "path": "events", "verb": "GET", "times": 2},
    {"do": "twice", "path": "events", "verb": "GET", "times": None},
    {"do": "412", "verb": "PATCH", "times": 2},
    {"do": "412", "verb": "PATCH", "times": None},
    {"do": "507", "verb": "POST", "times": None},
    {"do": "token_expired", "path": "$batch", "nth": 2},
    {"do": "secret_expired", "times": None},
    *HIDING,
)
