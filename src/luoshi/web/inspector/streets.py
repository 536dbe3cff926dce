"""The filter of the inspector's lists: a street with its communities, or one community."""

from dataclasses import dataclass

from luoshi.registry import queries as registry
from luoshi.registry.queries import AreaInfo


@dataclass(frozen=True, slots=True)
class Street:
    area: AreaInfo
    communities: tuple[AreaInfo, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """What was chosen: `areas` is empty for the whole district."""

    id: int | None
    name: str
    areas: tuple[int, ...]


def streets(district: int) -> tuple[Street, ...]:
    """The streets of the district with their communities; one query."""
    every = registry.areas(district)
    return tuple(
        Street(area, tuple(inner for inner in every if inner.parent == area.id))
        for area in every
        if area.parent is None
    )


def chosen(text: str, among: tuple[Street, ...]) -> Place:
    """The area whose id was given; anything unknown is the whole district."""
    for street in among:
        if text == str(street.area.id):
            inner = tuple(area.id for area in street.communities)
            return Place(street.area.id, street.area.name, (street.area.id, *inner))
        for area in street.communities:
            if text == str(area.id):
                return Place(area.id, area.name, (area.id,))
    return Place(None, "", ())
