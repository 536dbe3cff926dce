"""Names for the ids that a case page speaks of: a constant number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from luoshi.cases import queries
from luoshi.cases.queries import Entry
from luoshi.registry import queries as registry
from luoshi.rules.state import State
from luoshi.web.case.about import About
from luoshi.web.case.choices import language

UNIT_KEYS = ("owner", "right_unit", "unit", "desk_unit", "accused")
PERSON_KEYS = ("person", "pool", "named")
CASE_KEYS = ("target", "case", "children", "parent")


@dataclass(frozen=True, slots=True)
class Names:
    """An id that nobody has any more gives a dash."""

    units: Mapping[int, str]
    people: Mapping[int, str]
    areas: Mapping[int, str]
    subjects: Mapping[int, str]
    cases: Mapping[int, str]
    categories: Mapping[str, str]

    def unit(self, id: int | None) -> str:
        return self.units.get(id or 0, "—")

    def person(self, id: int | None) -> str:
        return self.people.get(id or 0, "—")

    def case(self, id: int | None) -> str:
        return self.cases.get(id or 0, "—")

    def category(self, code: str) -> str:
        return self.categories.get(code, code)

    def place(self, *, area: int | None, subject: int | None) -> str:
        """The subject and its area; empty when neither is known."""
        found = (self.subjects.get(subject or 0), self.areas.get(area or 0))
        return " · ".join(name for name in found if name)


def names(about: About) -> Names:
    state, entries = about.state, about.page.entries
    units = _ids(entries, UNIT_KEYS, e_ids=(e.unit for e in entries)) | _own_units(state)
    people = _ids(entries, PERSON_KEYS, e_ids=(e.person for e in entries))
    people |= {id for id in (state.person, state.verifier) if id}
    areas = _ids(entries, ("area",), e_ids=(state.area,))
    subjects = _ids(entries, ("subject",), e_ids=(state.subject,))
    kin = about.page.kin
    units |= {line.state.owner for line in (*kin.children, *kin.merged) if line.state.owner}
    found = registry.people(people) if people else {}
    return Names(
        units=registry.unit_names(units, language=language()),
        people={id: person.name for id, person in found.items()},
        areas=registry.area_names(areas),
        subjects=registry.subject_names(subjects),
        cases=queries.numbers(_ids(entries, CASE_KEYS, e_ids=())),
        categories={c.code: c.label(language()) for c in about.categories},
    )


def _own_units(state: State) -> set[int]:
    return {*state.accused, *state.handlers} | ({state.owner} if state.owner else set())


def _ids(entries: Iterable[Entry], keys: Iterable[str], *, e_ids: Iterable[int | None]) -> set[int]:
    found = {id for id in e_ids if id}
    for entry in entries:
        for key in keys:
            found |= set(_numbers(entry.data.get(key)))
    return found


def _numbers(value: Any) -> Iterable[int]:
    many = value if isinstance(value, list | tuple) else [value]
    return (one for one in many if isinstance(one, int) and not isinstance(one, bool))
