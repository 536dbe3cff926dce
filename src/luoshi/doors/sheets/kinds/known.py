"""Finding the subjects, areas and units that cells name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from luoshi.doors.sheets import cells
from luoshi.doors.sheets.refused import Bad
from luoshi.registry import queries as registry
from luoshi.registry.queries import SubjectInfo


class Subjects:
    """Those of a kind that these rows name by code or name; one query."""

    def __init__(self, district: int, kind: str, said: Iterable[str]) -> None:
        wanted = set(said)
        found = registry.subjects_named(district, kind=kind, codes=wanted, names=wanted)
        self.by_code = {one.code: one for one in found if one.code}
        self.by_name: dict[str, list[SubjectInfo]] = defaultdict(list)
        for one in found:
            if one.active:
                self.by_name[one.name].append(one)

    def one(self, said: str) -> SubjectInfo:
        """Raises Bad: unknown_subject, several_subjects, closed_subject."""
        if found := self.by_code.get(said):
            if not found.active:
                raise Bad("closed_subject")
            return found
        named = self.by_name.get(said, [])
        if len(named) > 1:
            raise Bad("several_subjects", n=len(named))
        if not named:
            raise Bad("unknown_subject")
        return named[0]


def said_in(rows: Iterable[Mapping[str, Any]], *columns: str) -> set[str]:
    """The texts of these columns, as far as they can be read."""
    found = set[str]()
    for row in rows:
        for column in columns:
            if column in row:
                try:
                    found.add(cells.text(row[column], most=200))
                except Bad:
                    continue
    return found
