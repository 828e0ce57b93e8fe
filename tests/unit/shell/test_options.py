"""An option that names nobody and nothing is refused by its own name, in whichever command it is given."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from bot.errors import WronglyUsed


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["run", "--only", " , "], "--only names no worker"),
        (["undo", "--only", ""], "--only names no worker"),
        (["due", "--caseload", "x", "--rules", ","], "--rules names no pack"),
        (["rules", "compare", "visiting-policy", "--rules", ","], "--rules names no pack"),
    ],
)
def test_an_empty_list_is_refused_and_never_taken_for_everybody(command: list[str], says: str) -> None:
    refused = CliRunner().invoke(app, command).exception
    assert isinstance(refused, WronglyUsed)
    assert str(refused).startswith(says)
