"""Closed for good at the first time: neither reopened nor reported again soon after."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given
from hypothesis import settings as tuning
from hypothesis import strategies as st

from luoshi.cases import figures
from luoshi.cases.figures import district_figures
from luoshi.cases.models import Case
from luoshi.rules.figures import Rate
from tests.cast import Cast, photo

DAY = timedelta(days=1)
LIMIT = settings.RECURRENCE_DAYS


def closed(cast: Cast, now: datetime, **place: Any) -> int:
    """A parking case that was verified and closed; its place as given."""
    case, verifier = cast.claimed(now, minor=True)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
    Case.objects.filter(pk=case).update(**{"subject": cast.estate, **place})
    assert Case.objects.get(pk=case).status == "closed"
    return case


def later(cast: Cast, at: datetime, **values: Any) -> int:
    """A report that was classified as the same at the same place, unless said otherwise."""
    case = cast.report(at, subject=None).case
    same = {"category": "estate.parking", "subject": cast.estate, "area": cast.community_area}
    Case.objects.filter(pk=case).update(**{**same, **values})
    return case


def first_time(cast: Cast, now: datetime) -> Rate:
    return district_figures(cast.district, since=now - DAY, until=now + DAY / 2).first_time


def test_what_nobody_reported_again_was_done_at_the_first_time(cast: Cast, now: datetime) -> None:
    closed(cast, now)
    assert first_time(cast, now) == Rate(1, 1)


def test_the_same_category_at_the_same_subject_is_a_repetition(cast: Cast, now: datetime) -> None:
    closed(cast, now)
    later(cast, now + 3 * DAY)
    assert first_time(cast, now) == Rate(0, 1)


def test_a_repetition_voids_nothing_but_the_first_time(cast: Cast, now: datetime) -> None:
    closed(cast, now)
    before = district_figures(cast.district, since=now - DAY, until=now + DAY / 2)
    later(cast, now + 3 * DAY)
    after = district_figures(cast.district, since=now - DAY, until=now + DAY / 2)
    assert (after.on_time, after.redone, after.solved) == (
        before.on_time, before.redone, before.solved,
    )  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        {"category": "estate.green"},
        {"subject": None},
        {"origin": "ledger"},
        {"resolution": "unfounded", "status": "closed"},
        {"resolution": "declined", "status": "closed"},
    ],
    ids=lambda other: " ".join(map(str, other.values())),
)
def test_another_category_or_place_or_nothing_at_all_is_none(
    cast: Cast, now: datetime, other: dict[str, Any]
) -> None:
    closed(cast, now)
    later(cast, now + 3 * DAY, **other)
    assert first_time(cast, now) == Rate(1, 1)


def test_without_a_subject_the_area_decides(cast: Cast, now: datetime) -> None:
    closed(cast, now, subject=None, area=cast.community_area)
    later(cast, now + DAY, subject=None, area=cast.street_area)
    assert first_time(cast, now) == Rate(1, 1)
    later(cast, now + DAY, subject=None)
    assert first_time(cast, now) == Rate(0, 1)


def test_nowhere_is_no_place(cast: Cast, now: datetime) -> None:
    closed(cast, now, subject=None, area=None)
    later(cast, now + DAY, subject=None, area=None)
    assert first_time(cast, now) == Rate(1, 1)


@pytest.mark.django_db
@given(hours=st.integers(-48, 24 * (LIMIT + 5)))
@example(hours=0)
@example(hours=24 * LIMIT)
@example(hours=24 * LIMIT + 1)
@tuning(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_only_reports_within_the_days_after_closing_count(
    cast: Cast, now: datetime, hours: int
) -> None:
    one = Case.objects.filter(status="closed").first()
    case = one.pk if one else closed(cast, now)
    Case.objects.exclude(pk=case).update(category="estate.green")  # those of earlier examples
    at = now + timedelta(hours=hours)
    later(cast, now, received_at=at)
    repeated = set(figures._repeated(Case.objects.filter(pk=case)).values_list("pk", flat=True))
    assert (case in repeated) == (now < at <= now + LIMIT * DAY)


def test_a_part_of_a_case_is_no_repetition_of_it(cast: Cast, now: datetime) -> None:
    case = closed(cast, now)
    later(cast, now + DAY, parent=case)
    assert first_time(cast, now) == Rate(1, 1)


def test_figures_cost_the_same_for_one_case_and_for_twelve(cast: Cast, now: datetime) -> None:
    closed(cast, now)
    with CaptureQueriesContext(connection) as few:
        first_time(cast, now)
    for _ in range(11):
        closed(cast, now)
    with CaptureQueriesContext(connection) as many:
        assert first_time(cast, now).of == 12
    assert len(many) == len(few)
