"""Cases as pages of fields may name them: only those that the reader can open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from luoshi.cases import queries
from luoshi.web import staff, words

READERS = frozenset({"desk", "inspector", "leader"})
"""Who may open a case that is nobody's secret."""


@dataclass(frozen=True, slots=True)
class Linked:
    id: int
    number: str
    status: str | Promise
    open: bool


def linked(request: HttpRequest, cases: Iterable[int]) -> Mapping[int, Linked]:
    """By id; confidential ones and those that speak against his own unit are left out. Three
    queries for any number."""
    if not staff.role_names(request) & READERS:
        return {}
    units = {held.unit for held in staff.roles_of(request)}
    hidden = queries.hidden_from(units, staff.district_id(request))
    return {
        id: Linked(
            id,
            line.number,
            words.status(line.state.status or "", line.state.resolution),
            line.state.status != "closed",
        )
        for id, line in queries.lines_of(cases).items()
        if id not in hidden and not line.state.sealed and not units & {*line.state.accused}
    }
