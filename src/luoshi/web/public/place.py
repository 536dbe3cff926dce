"""Where it is: choosing from lists, an address in words, or the position of the device."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from luoshi.registry import queries as registry
from luoshi.registry.facts import AreaInfo, DistrictInfo, SubjectInfo
from luoshi.registry.outlines import inside
from luoshi.web.asked import key
from luoshi.web.public import sketch

NOWHERE = "none"
"""The choice of whoever asks something that is about no particular place."""

MOST_SPOTS = 30
NEAR_METRES = 2000
Choice = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """A known place to choose; `note` tells it from others of its name."""

    id: int
    name: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What goes into the report. `open`: a person has to find out where it is."""

    area: int | None = None
    subject: int | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    """The sketch with the position of the device; `outside`: it seems to be in another district."""

    drawing: Markup | None
    outside: bool


def area_choices(district: int) -> list[Choice]:
    """Every community under its street; one query."""
    areas = registry.areas(district)
    streets = [area for area in areas if area.kind == "street"]
    first = [("", _("I do not know")), (NOWHERE, _("It is about no particular place"))]
    return [*first, *(_street(street, areas) for street in streets)]


def _street(street: AreaInfo, areas: Iterable[AreaInfo]) -> Choice:
    whole = (str(street.id), _("Somewhere in %(street)s") % {"street": street.name})
    parts = [(str(area.id), area.name) for area in areas if area.parent == street.id]
    return (street.name, [whole, *parts])


def spots(
    district: DistrictInfo,
    *,
    text: str = "",
    area: int | None = None,
    point: tuple[float, float] | None = None,
    chosen: int | None = None,
) -> list[Spot]:
    """Known places to choose from: the one chosen before, what the text names or resembles, what
    lies in the area or near the point. At most six queries."""
    found: dict[int, tuple[SubjectInfo, str]] = {}
    if chosen is not None:
        _take(found, _subject(chosen))
    if text:
        _take(found, _subject(registry.match_place(district.id, text).subject))
    if text or area:
        for subject in registry.subjects(district.id, text=text, area=area, limit=MOST_SPOTS):
            _take(found, subject)
    if point:
        for near in registry.nearest_subjects(district.id, *point, limit=8):
            if near.metres <= NEAR_METRES:
                _take(found, near.subject, _("about %(n)d m away") % {"n": round(near.metres, -1)})
    if not found:
        return []
    rows = list(found.values())[:MOST_SPOTS]
    names = registry.area_names(subject.area for subject, _note in rows if subject.area)
    return [
        Spot(s.id, s.name, " · ".join(part for part in (names.get(s.area or 0, ""), note) if part))
        for s, note in rows
    ]


def _take(
    found: dict[int, tuple[SubjectInfo, str]], subject: SubjectInfo | None, note: str = ""
) -> None:
    if subject is not None and subject.active:
        found[subject.id] = found.get(subject.id, (subject, note))


def _subject(id: int | None) -> SubjectInfo | None:
    try:
        return registry.subject(id) if id is not None else None
    except registry.NotRegistered:
        return None


def resolve(
    district: DistrictInfo,
    *,
    text: str,
    area: str,
    spot: int | None,
    point: tuple[float, float] | None,
) -> Place:
    """The place of a report: what was chosen from a list counts before what the words seem to say.

    A name in the words is taken when it is certain and lies in the area that was chosen.
    """
    subject = _subject(spot)
    if subject is not None:
        return Place(area=subject.area, subject=subject.id)
    chosen = key(area)
    named = registry.match_place(district.id, text) if text else None
    if named and named.subject and _within(named.area, chosen):
        return Place(area=named.area or chosen, subject=named.subject)
    found = chosen or (named.area if named else None)
    told = bool(text or point)
    return Place(area=found, open=found is None and (told or area != NOWHERE))


def _within(area: int | None, chosen: int | None) -> bool:
    """Whether a named area is the chosen one or one of its communities."""
    if chosen is None or area is None or area == chosen:
        return True
    return registry.area(area).parent == chosen


def map_of(district: DistrictInfo, point: tuple[float, float] | None) -> Map | None:
    """The sketch map for a position; one query."""
    if point is None:
        return None
    outline = registry.sketch(district.id)
    return Map(sketch.svg(outline, *point), not inside(outline, *point))


def name_of(area: int | None, subject: int | None) -> str:
    """示范新村 · 德民社区居委会; "" for none. Up to two queries."""
    subjects = registry.subject_names([subject]) if subject else {}
    areas = registry.area_names([area]) if area else {}
    parts: Sequence[str] = [*subjects.values(), *areas.values()]
    return " · ".join(parts)
