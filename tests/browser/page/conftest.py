"""A small council filled by hand, and its page served for real."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pagekit.serving import Site, Sites, WithGraph


@pytest.fixture
def open_site() -> Iterator[Callable[..., Site]]:
    sites = Sites()
    yield sites.open
    sites.stop()


@pytest.fixture(scope="session")
def still() -> Iterator[Site]:
    """A site that no test changes, for the many that only look."""
    sites = Sites()
    yield sites.open()
    sites.stop()


@pytest.fixture
def site(open_site: Callable[..., Site]) -> Site:
    return open_site()


@pytest.fixture
def both() -> Iterator[WithGraph]:
    """A page and the Graph beside it."""
    sites = Sites()
    yield sites.with_graph()
    sites.stop()


@pytest.fixture
def axe_on() -> Callable[..., list[tuple[str, list[str]]]]:
    """What axe finds in a window: each rule broken, with the first elements that break it.

    `only_colours` in the dark, where only they differ from the light, which is looked at whole.
    """
    needs = "needs axe-playwright-python"
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason=needs).Axe()

    def found(window: Any, *, only_colours: bool = False) -> list[tuple[str, list[str]]]:
        rules = {"runOnly": ["color-contrast"]} if only_colours else {}
        broken = axe.run(window, options={"resultTypes": ["violations"]} | rules).response["violations"]
        return [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in broken]

    return found
