from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from luoshi.trust import limits
from luoshi.trust.limits import allow


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    limits.forget()
    yield
    limits.forget()


def test_the_limit_is_the_last_that_passes(now: datetime) -> None:
    tries = [allow(scope="track", key="a", limit=3, now=now) for _ in range(5)]
    assert tries == [True, True, True, False, False]


def test_keys_and_scopes_count_apart(now: datetime) -> None:
    assert allow(scope="track", key="a", limit=1, now=now)
    assert allow(scope="track", key="b", limit=1, now=now)
    assert allow(scope="report", key="a", limit=1, now=now)
    assert not allow(scope="track", key="a", limit=1, now=now)


def test_no_two_pairs_of_scope_and_key_run_together(now: datetime) -> None:
    assert allow(scope="ab", key="c", limit=1, now=now)
    assert allow(scope="a", key="bc", limit=1, now=now)


def test_the_next_local_day_starts_from_nothing(now: datetime) -> None:
    late = datetime(2026, 5, 20, 15, 59, tzinfo=UTC)  # 23:59 in Chongchuan
    assert allow(scope="track", key="a", limit=1, now=late)
    assert not allow(scope="track", key="a", limit=1, now=late)
    assert allow(scope="track", key="a", limit=1, now=late + timedelta(minutes=1))


def test_who_was_counted_is_not_kept_and_the_key_changes_daily(now: datetime) -> None:
    allow(scope="track", key="13812345678", limit=1, now=now)
    today = list(limits._counters._counts)
    allow(scope="track", key="13812345678", limit=1, now=now + timedelta(days=1))
    tomorrow = list(limits._counters._counts)
    assert len(today) == len(tomorrow) == 1
    assert today != tomorrow
    assert b"138" not in today[0]


def test_a_flood_of_keys_neither_fills_memory_nor_frees_the_one_being_tried(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_COUNTERS", 10)
    passed = 0
    for number in range(100):
        allow(scope="track", key=str(number), limit=1, now=now)
        passed += allow(scope="track", key="attacked", limit=5, now=now)
    assert passed == 5
    assert len(limits._counters._counts) == 10


def test_threads_at_once_do_not_pass_more_than_the_limit(now: datetime) -> None:
    with ThreadPoolExecutor(8) as pool:
        tries = pool.map(lambda _: allow(scope="track", key="a", limit=50, now=now), range(200))
    assert sum(tries) == 50


def test_any_key_can_be_counted(now: datetime) -> None:
    assert allow(scope="track", key="\ud800落实", limit=1, now=now)
