"""The sketch map: the outline of the district and one point in it, as inline SVG.

It only confirms a place. There are no streets, since nobody gives their outlines away.
"""

import math
from collections.abc import Sequence

from markupsafe import Markup

from luoshi.registry.facts import Outline
from luoshi.registry.outlines import Point, rings

WIDTH = 320
EDGE = 12


def svg(outline: Outline | None, lat: float, lon: float) -> Markup | None:
    """The map with the point, or None without an outline. Degrees are WGS 84."""
    found = list(rings(outline))
    if not found:
        return None
    place, height = _plane(found)
    path = " ".join(_path([place(point) for point in ring]) for ring in found)
    x, y = place((lon, lat))
    x, y = min(max(x, EDGE / 2), WIDTH - EDGE / 2), min(max(y, EDGE / 2), height - EDGE / 2)
    return Markup(
        '<svg class="sketch" viewBox="0 0 {w} {h:.0f}" aria-hidden="true" focusable="false">'
        '<path class="sketch-area" d="{d}"/>'
        '<circle class="sketch-halo" cx="{x:.1f}" cy="{y:.1f}" r="11"/>'
        '<circle class="sketch-point" cx="{x:.1f}" cy="{y:.1f}" r="5"/></svg>'
    ).format(w=WIDTH, h=height, d=path, x=x, y=y)


def marks(outline: Outline | None, found: Sequence[tuple[float, float, str, int]]) -> Markup | None:
    """The map with circles (latitude, longitude, label, how many): the more, the larger. None
    without an outline. It is a picture of the table beside it, so nothing is read out."""
    lines = list(rings(outline))
    if not lines:
        return None
    place, height = _plane(lines)
    path = " ".join(_path([place(point) for point in ring]) for ring in lines)
    most = max((n for *_, n in found), default=0) or 1
    circle = Markup('<circle class="sketch-count" cx="{:.1f}" cy="{:.1f}" r="{:.1f}"/>')
    text = Markup('<text class="sketch-label" x="{:.1f}" y="{:.1f}" dy="4">{}</text>')
    at = [(*place((lon, lat)), label, n) for lat, lon, label, n in found]
    drawn = [circle.format(x, y, 6 + 7 * math.sqrt(n / most)) for x, y, _, n in at]
    drawn += [text.format(x, y, label) for x, y, label, _ in at]  # over every circle
    return Markup(
        '<svg class="sketch" viewBox="0 0 {w} {h:.0f}" aria-hidden="true" focusable="false">'
        '<path class="sketch-area" d="{d}"/>{circles}</svg>'
    ).format(w=WIDTH, h=height, d=path, circles=Markup("").join(drawn))


def _plane(rings: Sequence[Sequence[Point]]) -> tuple["_Place", float]:
    lons = [lon for ring in rings for lon, _ in ring]
    lats = [lat for ring in rings for _, lat in ring]
    # A degree of longitude is shorter than one of latitude, the more the further north.
    narrow = math.cos(math.radians((min(lats) + max(lats)) / 2))
    scale = (WIDTH - 2 * EDGE) / ((max(lons) - min(lons)) * narrow)
    height = (max(lats) - min(lats)) * scale + 2 * EDGE
    return _Place(min(lons), max(lats), narrow * scale, scale), height


class _Place:
    def __init__(self, west: float, north: float, across: float, down: float) -> None:
        self._west, self._north, self._across, self._down = west, north, across, down

    def __call__(self, point: Point) -> Point:
        lon, lat = point
        return EDGE + (lon - self._west) * self._across, EDGE + (self._north - lat) * self._down


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"
