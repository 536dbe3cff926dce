"""How many cases a street had lately, for the sketch map and the table beside it.

No case is a point. Fewer than five are "fewer than 5", so that nobody is found among neighbours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from markupsafe import Markup

from luoshi.cases import queries
from luoshi.registry import queries as registry
from luoshi.web.public import sketch

DAYS = 90
FEWEST = 5
KEPT = 600


@dataclass(frozen=True, slots=True)
class Street:
    """`cases` and `held` (closed after a check that held) are None below five. `n`: its number on
    the map, 0 where nobody knows where it lies."""

    n: int
    name: str
    cases: int | None
    held: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    at: datetime
    streets: Sequence[Street]
    drawing: Markup | None


def counted(district: int, now: datetime) -> Counted:
    """Reckoned at most once in ten minutes."""
    key = f"open-streets:{district}"
    kept: Counted | None = cache.get(key)
    if kept is None:
        kept = _count(district, now)
        cache.set(key, kept, KEPT)
    return kept


def _count(district: int, now: datetime) -> Counted:
    areas = registry.areas(district)
    by_area = queries.counted_by_area(district, since=now - timedelta(days=DAYS))
    centres = registry.area_centres(district)
    streets = []
    marks: list[tuple[float, float, str, int]] = []
    for street in (area for area in areas if area.kind == "street"):
        within = [a.id for a in areas if street.id in (a.id, a.parent)]
        every = sum(by_area.get(area, (0, 0))[0] for area in within)
        held = sum(by_area.get(area, (0, 0))[1] for area in within)
        spots = [centres[area] for area in within if area in centres]
        n = len(marks) + 1 if spots else 0
        streets.append(Street(n, street.name, _many(every), _many(held)))
        if spots:
            lat, lon = (sum(c) / len(spots) for c in zip(*spots, strict=True))
            marks.append((lat, lon, str(n), every if every >= FEWEST else 0))
    return Counted(now, streets, sketch.marks(registry.sketch(district), marks))


def _many(n: int) -> int | None:
    return n if n >= FEWEST or n == 0 else None
