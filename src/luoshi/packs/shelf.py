"""The packs that were read together, and their entries, whatever shape they are in.

Entries of the wrong form are told by the schema; here they are passed over, so that one mistake
does not hide another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from luoshi.packs.reading import Reading, Step


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a section of a pack, with its place."""

    pack: "Pack"
    section: str
    path: tuple[Step, ...]
    data: Mapping[str, Any]

    def text(self, key: str, default: str = "") -> str:
        value = self.data.get(key)
        return value if isinstance(value, str) else default

    @property
    def code(self) -> str:
        return self.text("code")

    @property
    def line(self) -> int:
        return self.pack.reading.line(self.path)

    @property
    def place(self) -> str:
        """Where the entry stands, for "also in …"."""
        return f"{self.pack.reading.name}:{self.line}"

    def part(self, key: str) -> Mapping[str, Any] | None:
        value = self.data.get(key)
        return value if isinstance(value, dict) else None

    def items(self, *keys: str) -> Iterator["Entry"]:
        """The entries of a list inside this entry, under one name or under a name in a name."""
        value: Any = self.data
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        yield from _entries(self.pack, self.section, (*self.path, *keys), value)

    def tell(self, keys: Sequence[Step], text: str, remedy: str) -> None:
        self.pack.reading.tell((*self.path, *keys), text, remedy)


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack as it was read. `given` says that it is to be used, not only to be known of."""

    file: Path
    reading: Reading
    given: bool = True

    @property
    def data(self) -> Mapping[str, Any]:
        return self.reading.data if isinstance(self.reading.data, dict) else {}

    @property
    def field(self) -> str:
        value = self.data.get("field")
        return value if isinstance(value, str) else ""

    @property
    def top(self) -> Entry:
        """The pack itself as an entry."""
        return Entry(self, "", (), self.data)

    def entries(self, section: str) -> Iterator[Entry]:
        yield from _entries(self, section, (section,), self.data.get(section))


@dataclass(frozen=True, slots=True)
class Shelf:
    """All packs that know of each other."""

    packs: tuple[Pack, ...]

    def entries(self, section: str) -> Iterator[Entry]:
        for pack in self.packs:
            yield from pack.entries(section)

    def codes(self, section: str) -> frozenset[str]:
        return frozenset(entry.code for entry in self.entries(section) if entry.code)

    def of_kind(self, section: str, kind: str) -> Iterator[Entry]:
        """Figures, records or expectations of one kind of subject, in whichever pack."""
        return (entry for entry in self.entries(section) if entry.text("kind") == kind)

    def facts(self, kind: str, type_: str) -> Iterator[Entry]:
        """The facts of one type that a kind of subject has."""
        for entry in self.entries("kinds"):
            if entry.code == kind:
                yield from (fact for fact in entry.items("facts") if fact.text("type") == type_)


def _entries(pack: Pack, section: str, path: tuple[Step, ...], value: Any) -> Iterator[Entry]:
    for number, data in enumerate(value if isinstance(value, list) else ()):
        if isinstance(data, dict):
            yield Entry(pack, section, (*path, number), data)
