"""A picture's own time and place, held against the case; nothing else of them is kept."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bench.honesty import shots
from luoshi.cases import queries, taken
from luoshi.cases.actions import Refused
from luoshi.cases.models import Picture
from luoshi.cases.taken import Own, Scene, conclude
from luoshi.infra.exif import Taken
from luoshi.registry import actions as registry
from tests.cast import Cast

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOME = (32.03, 120.88)
BOX = {
    "type": "Polygon",
    "coordinates": [[[120.8, 31.9], [121.0, 31.9], [121.0, 32.1], [120.8, 32.1]]],
}


def scene(now: datetime, **more: object) -> Scene:
    given = {"since": ("assigned", now - timedelta(days=2)), "points": (HOME,), **more}
    return Scene(now=now, zone=SHANGHAI, **given)  # type: ignore[arg-type]


def time(at: datetime, now: datetime) -> tuple[str, int]:
    own = conclude(Taken(at=at), scene(now))
    return own.time, own.hours


def test_a_picture_of_before_says_by_how_much_in_round_numbers(now: datetime) -> None:
    local = now.replace(tzinfo=None)
    assert time(local - timedelta(days=14, hours=5), now) == ("before", 288)
    assert time(local - timedelta(days=2, hours=5, minutes=20), now) == ("before", 5)


def test_a_clock_a_little_off_is_no_conflict(now: datetime) -> None:
    local = now.replace(tzinfo=None)
    assert time(local - timedelta(days=2, minutes=50), now) == ("fits", 0)
    assert time(local + timedelta(minutes=50), now) == ("fits", 0)
    assert time(local + timedelta(hours=3), now) == ("ahead", 3)


def test_where_the_camera_tells_its_zone_that_counts(now: datetime) -> None:
    assert time(now.astimezone(UTC) - timedelta(hours=1), now) == ("fits", 0)


@pytest.mark.parametrize(
    ("north", "place", "metres"),
    [(0.004, "fits", 0), (0.02, "far", 2000), (0.3, "outside", 26000)],
)
def test_the_distance_is_told_in_kilometres(
    now: datetime, north: float, place: str, metres: int
) -> None:
    own = conclude(Taken(lat=HOME[0] + north, lon=HOME[1]), scene(now, outline=BOX))
    assert (own.place, own.metres) == (place, metres)


def test_a_case_without_a_place_is_held_against_the_district_only(now: datetime) -> None:
    there = scene(now, points=(), outline=BOX)
    assert conclude(Taken(lat=32.0, lon=120.9), there).place == "unplaced"
    assert conclude(Taken(lat=31.0, lon=120.9), there).place == "outside"


def test_a_picture_that_says_nothing_is_never_in_doubt(now: datetime) -> None:
    own = conclude(Taken(), scene(now))
    assert (own, own.doubtful) == (Own(), False)


def claim(cast: Cast, case: int, now: datetime, picture: bytes, explanation: str = "") -> None:
    cast.do(
        "community1", case, "claim", now,
        outcome="fixed", measures=["cleared"], text="已清理", pictures=[picture],
        explanation=explanation,
    )  # fmt: skip


def placed(cast: Cast, now: datetime) -> int:
    subject = registry.create_subject(
        district=cast.district, kind="estate", name="示范二村", lat=HOME[0], lon=HOME[1]
    )
    return cast.handling(now, subject=subject)


def old_and_far(now: datetime) -> bytes:
    return shots.shot(of="x", taken=now - timedelta(days=12), at=(HOME[0] + 0.027, HOME[1]))


def test_a_picture_of_another_time_and_place_is_refused_with_what_speaks_against_it(
    cast: Cast, now: datetime
) -> None:
    case = placed(cast, now)
    with pytest.raises(Refused, match="time_or_place_unexplained") as refused:
        claim(cast, case, now, old_and_far(now))
    ((number, alike, own),) = refused.value.details["pictures"]
    assert (number, alike) == (1, False)
    assert (own.time, own.since, own.hours) == ("before", "assigned", 12 * 24)
    assert (own.place, own.metres) == ("far", 3000)


def test_only_the_conclusion_is_kept_and_the_verifier_reads_it(cast: Cast, now: datetime) -> None:
    case = placed(cast, now)
    claim(cast, case, now, old_and_far(now), explanation="the camera has no battery")
    row = Picture.objects.get()
    assert set(row.own) == {"time", "since", "hours", "place", "metres"}
    kept = json.dumps(row.own)
    assert "32.0" not in kept
    assert "2026" not in kept
    assert row.explanation
    page = queries.case_page(case=case, person=cast.people["desk1"], now=now)
    assert page
    assert page.pictures[0].own == taken.from_json(row.own)
    assert queries.doubts(page) == ("before", "far")


def test_what_a_reporter_sends_is_not_judged(cast: Cast, now: datetime) -> None:
    cast.report(now, pictures=[old_and_far(now)])
    assert Picture.objects.get().own == {}


def test_pictures_without_metadata_cost_no_query(
    cast: Cast, now: datetime, django_assert_num_queries: object
) -> None:
    from luoshi.cases.store import hold

    case = placed(cast, now)
    held = hold(case=case, now=now)

    class Shot:
        taken = Taken()

    with django_assert_num_queries(0):  # type: ignore[operator]
        assert taken.own_of(held, "claim", [Shot(), Shot()], now=now) == [Own(), Own()]
