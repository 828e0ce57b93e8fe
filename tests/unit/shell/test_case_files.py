"""`rules test FILE` says what is the matter with a file that it cannot read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.packs import test as run_cases
from bot.errors import WronglyUsed


def test_a_case_file_that_is_not_there_is_said_not_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(WronglyUsed, match=r"^There is no file .*nope\.yaml\."):
        run_cases([tmp_path / "nope.yaml"])


def test_a_case_file_of_another_encoding_is_said_to_be_one(tmp_path: Path) -> None:
    file = tmp_path / "cases.yaml"
    file.write_bytes("- case: café".encode("latin-1"))
    with pytest.raises(WronglyUsed, match="is not UTF-8 text"):
        run_cases([file])


def test_a_folder_is_no_case_file(tmp_path: Path) -> None:
    with pytest.raises(WronglyUsed, match="cannot be read"):
        run_cases([tmp_path])
