"""What lies in the outline of a district, and how far outside something lies."""

import pytest

from luoshi.registry.outlines import inside, metres_between, metres_outside

BOX = {
    "type": "Polygon",
    "coordinates": [[[120.0, 32.0], [121.0, 32.0], [121.0, 33.0], [120.0, 33.0]]],
}


def test_inside_nothing_is_outside() -> None:
    assert inside(BOX, 32.5, 120.5)
    assert metres_outside(BOX, 32.5, 120.5) == 0


def test_without_an_outline_everything_is_inside() -> None:
    assert metres_outside(None, 0, 0) == 0


@pytest.mark.parametrize(
    ("lat", "lon", "metres"),
    [(33.1, 120.5, 11_132), (32.5, 121.1, 9_389), (33.1, 121.1, 14_510)],
    ids=["north", "east", "beyond a corner"],
)
def test_outside_it_is_the_distance_to_the_nearest_side(
    lat: float, lon: float, metres: float
) -> None:
    assert not inside(BOX, lat, lon)
    assert metres_outside(BOX, lat, lon) == pytest.approx(metres, rel=0.01)


def test_the_distance_of_two_points() -> None:
    assert metres_between((32.0, 120.0), (32.03, 120.0)) == pytest.approx(3340, rel=0.01)
