from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.infra.ids import EPOCH, new_id

moments = st.datetimes(datetime(2020, 1, 1), datetime(2250, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moment=moments)
def test_an_id_fits_into_a_signed_64_bit_column(moment: datetime) -> None:
    assert 0 <= new_id(now=moment) < 2**63


@given(moment=moments, later=st.integers(1, 10**9))
def test_a_later_millisecond_gives_a_greater_id(moment: datetime, later: int) -> None:
    assert new_id(now=moment) < new_id(now=moment + timedelta(milliseconds=later))


def test_many_ids_of_one_moment_all_differ_and_keep_their_order() -> None:
    ids = [new_id(now=EPOCH) for _ in range(20_000)]
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)


def test_coming_back_to_a_moment_draws_no_id_of_it_again() -> None:
    moments = [EPOCH + timedelta(seconds=n) for n in range(50)] * 200
    ids = [new_id(now=moment) for moment in moments]
    assert len(set(ids)) == len(ids)


def test_threads_of_one_moment_never_draw_the_same_id() -> None:
    with ThreadPoolExecutor(8) as pool:
        drawn = pool.map(lambda _: [new_id(now=EPOCH) for _ in range(2_000)], range(8))
        ids = [one for many in drawn for one in many]
    assert len(set(ids)) == len(ids)


def test_a_time_before_2020_is_refused() -> None:
    with pytest.raises(ValueError, match="before 2020"):
        new_id(now=EPOCH - timedelta(seconds=1))
