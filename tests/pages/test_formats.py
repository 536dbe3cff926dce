from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from luoshi.web import formats

NOW = datetime(2026, 5, 20, 1, 30, tzinfo=UTC)  # 9:30 in Chongchuan


@pytest.mark.parametrize(
    ("span", "english", "chinese"),
    [
        (timedelta(days=2, hours=3, minutes=40), "2 days 3 hours left", "还剩 2 天 3 小时"),
        (timedelta(days=1), "1 day left", "还剩 1 天"),
        (timedelta(hours=7, minutes=5), "7 hours left", "还剩 7 小时"),
        (timedelta(hours=1, minutes=5), "1 hour 5 minutes left", "还剩 1 小时 5 分钟"),
        (timedelta(seconds=30), "less than 1 minute left", "还剩 不到 1 分钟"),
        (timedelta(hours=-4), "4 hours overdue", "超期 4 小时"),
        (timedelta(days=-12, minutes=-3), "12 days overdue", "超期 12 天"),
    ],
)
def test_the_time_left_is_said_in_the_two_units_that_matter(
    span: timedelta, english: str, chinese: str
) -> None:
    for language, words in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            assert formats.timeleft(NOW + span, NOW) == words


@pytest.mark.parametrize(
    ("span", "state"),
    [
        (timedelta(days=1, minutes=1), "good"),
        (timedelta(days=1), "warn"),
        (timedelta(0), "warn"),
        (timedelta(minutes=-1), "bad"),
    ],
)
def test_a_deadline_is_close_from_one_day_before(span: timedelta, state: str) -> None:
    assert formats.time_state(NOW + span, NOW) == state


def test_days_and_moments_are_local_and_in_the_language_of_the_page() -> None:
    late = datetime(2020, 4, 28, 16, 5, tzinfo=UTC)  # already the 29th in Chongchuan
    with translation.override("zh-hans"):
        assert formats.date(late) == "2020年4月29日"
        assert formats.datetime(late) == "2020年4月29日 00:05"
    with translation.override("en"):
        assert formats.date(date(2020, 4, 28)) == "28 April 2020"
        assert formats.datetime(late) == "29 April 2020, 00:05"
        assert formats.number(24166) == "24,166"
    assert formats.clock(late) == "00:05"
    assert formats.isotime(late) == "2020-04-29T00:05:00+08:00"


def test_what_has_no_date_shows_a_dash() -> None:
    assert formats.date(None) == formats.datetime(None) == formats.clock(None) == "—"
    assert formats.time_state(None, NOW) == "none"
