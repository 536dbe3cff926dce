"""How far ahead a leader may set the review of a deferred case."""

import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from luoshi.cases.models import Case
from tests import cast as casting
from tests.cast import Cast
from tests.pages.rooms import body, enter

DAY = timedelta(days=1)
LIMIT = timedelta(days=settings.LONGEST_DEFERRAL_DAYS)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


def ask(cast: Cast, case: int, ahead: timedelta) -> tuple[int, str]:
    day = (timezone.localdate() + ahead).isoformat()
    answer = enter(cast, "leader1").post(
        f"/case/{case}/do/defer/",
        {
            "review_at": day,
            "text": "waiting for the money",
            "seen": Case.objects.get(pk=case).seq,
        },
    )
    return answer.status_code, answer.content.decode()


def test_a_review_further_ahead_than_the_limit_is_refused_in_words(
    cast: Cast, now: datetime
) -> None:
    case = cast.handling(now - 20 * DAY)
    status, page = ask(cast, case, LIMIT + DAY)
    assert status == 400
    assert "The review lies too far ahead" in page
    assert Case.objects.get(pk=case).status == "handling"


def test_a_review_on_the_last_day_of_the_limit_is_taken(cast: Cast, now: datetime) -> None:
    case = cast.handling(now - 20 * DAY)
    status, _page = ask(cast, case, LIMIT)
    assert status == 302
    review = Case.objects.get(pk=case).review_at
    assert review is not None
    assert timezone.localdate(review) == timezone.localdate() + LIMIT


@pytest.mark.parametrize(("language", "said"), [("en", "At most 90 days ahead"), ("zh-hans", "90")])
def test_the_form_says_the_limit(cast: Cast, now: datetime, language: str, said: str) -> None:
    case = cast.handling(now - 20 * DAY)
    page = body(enter(cast, "leader1", language=language).get(f"/leader/{case}/defer/"))
    assert said in page
    last = (timezone.localdate() + LIMIT).isoformat()
    assert re.search(rf'name="review_at"[^>]*max="{last}"', page)
