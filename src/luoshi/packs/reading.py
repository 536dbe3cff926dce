"""Reading one pack.yaml so that everything in it keeps its line.

PyYAML's own loading would take the last of two equal keys in silence, read `010` as 8 and `no` as
false, and follow aliases that unfold without end. Here the first is a mistake, the second and
third are text, and aliases are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from luoshi.packs.mistakes import Mistake

Step = str | int
MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
_OPENS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSES = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


@dataclass(slots=True)
class Reading:
    """What a file says: plain values, the line of every path, and what was wrong on the way."""

    name: str
    data: Any = None
    lines: dict[tuple[Step, ...], int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def line(self, path: tuple[Step, ...]) -> int:
        """The line of a path, or of the nearest thing around it that the file has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def where(self, path: tuple[Step, ...]) -> tuple[str, ...]:
        """A path in words: an entry of a list goes by its code, or by its number."""
        found, here = [], self.data
        for step in path:
            here = _inside(here, step)
            code = here.get("code") if isinstance(here, dict) else None
            named = isinstance(step, int) and isinstance(code, str) and code
            found.append(code if named else f"#{step + 1}" if isinstance(step, int) else step)
        return tuple(str(word) for word in found)

    def tell(self, path: tuple[Step, ...], text: str, remedy: str) -> None:
        """Note a mistake at a path."""
        self.mistakes.append(
            Mistake(self.name, self.line(path), self.where(path), text, remedy),
        )

    def tell_line(self, line: int, text: str, remedy: str) -> None:
        """Note a mistake that belongs to a line rather than to an entry."""
        self.mistakes.append(Mistake(self.name, line, (), text, remedy))


def read(file: Path, *, name: str) -> Reading:
    """Read a pack. Raises nothing for what the file holds: every mistake is in the reading."""
    reading = Reading(name)
    text = _text(file, reading)
    if text is not None and not _tabs(text, reading):
        _parse(text, reading)
    return reading


def _text(file: Path, reading: Reading) -> str | None:
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reading.tell_line(1, f"cannot be read: {error.strerror}", "look at its permissions")
        return None
    if len(raw) > MAX_BYTES:
        size = f"{MAX_BYTES // 1024} KB"
        reading.tell_line(1, f"is larger than {size}", "split it into packs of their own fields")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        remedy = "save the file again with the encoding UTF-8 (it may be GBK or UTF-16 now)"
        reading.tell_line(line, "is not UTF-8 text", remedy)
        return None


def _tabs(text: str, reading: Reading) -> bool:
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            reading.tell_line(number, "is indented with a tab", "use spaces, two for each step")
    return bool(reading.mistakes)


def _parse(text: str, reading: Reading) -> None:
    try:
        _guard(yaml.parse(text, Loader=_LOADER), reading)
        if not reading.mistakes:
            node = yaml.compose(text, Loader=_LOADER)
            reading.data = None if node is None else _value(node, (), reading)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        remedy = "look at indentation, quotes and the space after a colon, here and one line above"
        told = f"is not readable as YAML: {error.problem or error.context}"
        reading.tell_line(mark.line + 1 if mark else 1, told, remedy)
    except yaml.YAMLError as error:
        told = f"is not readable as YAML: {' '.join(str(error).split())[:200]}"
        reading.tell_line(1, told, "remove characters that are no text")


def _guard(events: Iterator[Any], reading: Reading) -> None:
    """Refuse, before anything is built, what a pack never needs and what could unfold."""
    depth = documents = 0
    for event in events:
        line = event.start_mark.line + 1
        depth += isinstance(event, _OPENS) - isinstance(event, _CLOSES)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > MAX_DEPTH:
            reading.tell_line(line, "is nested too deeply", "a pack needs no more than a few steps")
            return
        if documents > 1:
            reading.tell_line(line, "holds a second document", "remove the line `---`")
            return
        if getattr(event, "anchor", None):
            told = "anchors and aliases (& and *) are not read"
            reading.tell_line(line, told, "write the text out, or put it in quotes")


def _value(node: Any, path: tuple[Step, ...], reading: Reading) -> Any:
    reading.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, reading)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, number), reading) for number, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: Any, path: tuple[Step, ...], reading: Reading) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            reading.tell_line(line, "a name before a colon must be a word", "look at the brackets")
            continue
        key = key_node.value
        if key in found:
            first = reading.lines[(*path, key)]
            told = f"`{key}` stands twice, on lines {first} and {line}"
            reading.tell_line(line, told, "keep one of the two")
            continue
        reading.lines[(*path, key)] = line
        found[key] = _value(value_node, (*path, key), reading)
    return found


def _scalar(node: Any) -> Any:
    kind, text = node.tag.rpartition(":")[2], node.value
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind == "int" and _WHOLE.fullmatch(text):
        return int(text)
    if kind == "float" and _DECIMAL.fullmatch(text):
        return float(text)
    return text


def _inside(value: Any, step: Step) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None
