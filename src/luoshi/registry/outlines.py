"""The outline of a district, and what lies in it. It is a sketch: simplified, without streets."""

import math
from collections.abc import Iterator, Sequence

from luoshi.registry.facts import Outline

Point = tuple[float, float]
METRES_PER_DEGREE = 111_320


def rings(outline: Outline | None) -> Iterator[Sequence[Point]]:
    """Its rings as (longitude, latitude), WGS 84 degrees; none without an outline."""
    if outline is None:
        return
    polygons = outline["coordinates"]
    for polygon in polygons if outline["type"] == "MultiPolygon" else [polygons]:
        for ring in polygon:
            yield [(float(lon), float(lat)) for lon, lat, *_ in ring]


def inside(outline: Outline | None, lat: float, lon: float) -> bool:
    """Whether the point lies in the outline; True when there is none to say otherwise."""
    found = list(rings(outline))
    crossings = sum(_crossings(ring, lat, lon) for ring in found)
    return not found or crossings % 2 == 1


def metres_outside(outline: Outline | None, lat: float, lon: float) -> float:
    """How far the point lies outside of the outline; 0 inside, and where there is none."""
    if inside(outline, lat, lon):
        return 0.0
    narrow = math.cos(math.radians(lat))
    return METRES_PER_DEGREE * min(
        _apart([((x - lon) * narrow, y - lat) for x, y in side])
        for ring in rings(outline)
        for side in zip(ring, [*ring[1:], ring[0]], strict=True)
    )


def metres_between(one: Point, other: Point) -> float:
    """Between two points (latitude, longitude), on a plane: exact enough within a province."""
    (lat, lon), (lat2, lon2) = one, other
    east = (lon2 - lon) * math.cos(math.radians((lat + lat2) / 2))
    return METRES_PER_DEGREE * math.hypot(lat2 - lat, east)


def _crossings(ring: Sequence[Point], lat: float, lon: float) -> int:
    """How often a line from the point to the east meets the ring."""
    count = 0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > lat) != (y2 > lat):
            count += lon < x1 + (lat - y1) / (y2 - y1) * (x2 - x1)
    return count


def _apart(side: Sequence[Point]) -> float:
    """From the origin to a stretch between two points."""
    (x1, y1), (x2, y2) = side
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = -(x1 * dx + y1 * dy) / length if length else 0.0
    along = min(max(along, 0.0), 1.0)
    return math.hypot(x1 + along * dx, y1 + along * dy)
