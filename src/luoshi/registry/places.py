"""Which area and subject a free text names, once the names that occur in it are known."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """Ids of the area and the subject that a text names; None where it names none for certain."""

    area: int | None = None
    subject: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A name that occurs in the text.

    `subject` is None for the name of an area; `area` is the area named, or the one in which the
    subject lies; `parent` is the street to which that area belongs.
    """

    text: str
    area: int | None
    parent: int | None
    subject: int | None = None


def tidy(text: str) -> str:
    """The text as names are looked up in it: full-width forms folded, white space removed."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def choose(hits: Collection[Hit]) -> PlaceMatch:
    """The longest name wins; what is left in doubt stays None, for a person to decide.

    A community counts only within the street that the text names, a subject only within the area:
    a wrong guess would send a case to the wrong office.
    """
    subjects = [h for h in hits if h.subject is not None]
    areas = _outside_longer_names([h for h in hits if h.subject is None], subjects)
    area = _area(areas)
    subject = _longest(h for h in subjects if _may_lie_in(h, area))
    if subject and subject.area and not (area and area.parent):
        return PlaceMatch(area=subject.area, subject=subject.subject)
    return PlaceMatch(
        area=area.area if area else None, subject=subject.subject if subject else None
    )


def _area(areas: list[Hit]) -> Hit | None:
    streets = [h for h in areas if h.parent is None]
    named = {h.area for h in streets}
    communities = [h for h in areas if h.parent is not None and (not named or h.parent in named)]
    return _longest(communities) or _longest(streets)


def _may_lie_in(subject: Hit, area: Hit | None) -> bool:
    if area is None or subject.area is None:
        return True
    return area.area in (subject.area, subject.parent) or subject.area == area.parent


def _outside_longer_names(areas: list[Hit], subjects: list[Hit]) -> list[Hit]:
    """The school of one community may stand in another: an area inside a longer name is no area."""
    return [h for h in areas if not any(h.text in s.text and h.text != s.text for s in subjects)]


def _longest(hits: Iterable[Hit]) -> Hit | None:
    found = list(hits)
    size = max((len(h.text) for h in found), default=0)
    best = {(h.area, h.subject): h for h in found if len(h.text) == size}
    return next(iter(best.values())) if len(best) == 1 else None
