"""YAML with the line of every key kept, so that whoever edits a pack is sent to the line to mend.

Stricter than PyYAML: a key written twice is an error, and so are anchors' cousins that a pack does not need.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    Loader = yaml.SafeLoader | yaml.CSafeLoader

Path = tuple[str | int, ...]


class NotYaml(Exception):
    """The text is not YAML, or a key stands twice; carries the line (from 1), what is wrong, and the mend."""

    def __init__(self, line: int, what: str, mend: str) -> None:
        super().__init__(what)
        self.line, self.what, self.mend = line, what, mend


def load(text: str) -> tuple[Any, dict[Path, int]]:
    """The plain value of a YAML text, and the line on which each part of it starts."""
    try:
        try:
            return _read(_quick(text))
        except yaml.YAMLError:
            return _read(yaml.SafeLoader(text))  # whose words for what is wrong are the plainer ones
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = f"the file is not YAML: {error.problem or error.context}"
        raise NotYaml(line, what, "Check indentation, colons and quotes near this line.") from None
    except yaml.YAMLError as error:
        mend = "Save the file as plain UTF-8 text."
        raise NotYaml(1, f"the file is not YAML: {error}", mend) from None


def _quick(text: str) -> Loader:
    """The reader written in C, ten times as fast, where PyYAML was built with it."""
    return yaml.CSafeLoader(text) if yaml.__with_libyaml__ else yaml.SafeLoader(text)


def _read(loader: Loader) -> tuple[Any, dict[Path, int]]:
    root = loader.get_single_node()
    lines: dict[Path, int] = {(): 1}
    return (None if root is None else _value(loader, root, (), lines)), lines


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of ``path``, or of its nearest part that stands in the file."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _value(loader: Loader, node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in found:
                raise NotYaml(line, f"the key {key!r} stands twice", "Keep one of the two.")
            lines[(*path, key)] = line
            found[key] = _value(loader, value_node, (*path, key), lines)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, (*path, place), lines) for place, item in enumerate(node.value)]
    try:
        return loader.construct_object(node)
    except ValueError:  # 2027-13-01 looks like a date and is none: as text, its reader refuses it by name
        return node.value
