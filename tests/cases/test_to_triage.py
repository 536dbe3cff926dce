"""The list of the triage: what is on top, what is left out, and that its pages lose nothing."""

from datetime import datetime, timedelta

import pytest

from luoshi.cases import queries
from luoshi.cases.models import Case
from luoshi.cases.queries.lists import PAGE
from tests.cast import Cast

MINUTE = timedelta(minutes=1)


@pytest.fixture
def waiting(cast: Cast, now: datetime) -> list[int]:
    """More than a page, the longest waiting first; the last one is a danger to life."""
    cases = [cast.report(now + n * MINUTE, text=f"第{n}件").case for n in range(PAGE + 4)]
    last = cast.report(now + 90 * MINUTE, text="漏电", category="", danger=True).case
    return [*cases, last]


def ids(lines: tuple[queries.Line, ...]) -> list[int]:
    return [line.id for line in lines]


def test_danger_to_life_is_on_top_however_many_wait_longer(cast: Cast, waiting: list[int]) -> None:
    found = queries.to_triage(cast.district)
    assert ids(found.dangers) == [waiting[-1]]
    assert ids(found.page.lines) == waiting[:PAGE]


def test_the_next_page_goes_on_where_the_first_ended(cast: Cast, waiting: list[int]) -> None:
    first = queries.to_triage(cast.district)
    assert first.page.next
    second = queries.to_triage(cast.district, after=first.page.next)
    assert ids(second.page.lines) == waiting[PAGE:]
    assert (second.dangers, second.page.next) == ((), None)


def test_what_is_shown_besides_does_not_slip_into_the_list(
    cast: Cast, waiting: list[int], now: datetime
) -> None:
    handled, hidden = cast.handling(now), cast.report(now).case
    others = [waiting[0], waiting[-2], handled, hidden]
    first = queries.to_triage(cast.district, without=[hidden], others=others)
    assert sorted(first.others) == sorted(others)
    assert ids(first.page.lines) == waiting[:PAGE]
    second = queries.to_triage(
        cast.district, without=[hidden], others=others, after=first.page.next or ""
    )
    assert ids(second.page.lines) == waiting[PAGE:]


def test_cases_of_a_group_are_left_out_but_for_danger(cast: Cast, waiting: list[int]) -> None:
    found = queries.to_triage(cast.district, grouped=[waiting[0], waiting[-1]])
    assert ids(found.dangers) == [waiting[-1]]
    assert ids(found.page.lines) == waiting[1 : PAGE + 1]


def test_what_nobody_of_the_desk_may_see_is_not_in_it(cast: Cast, waiting: list[int]) -> None:
    Case.objects.filter(pk=waiting[1]).update(sealed=True)
    found = queries.to_triage(cast.district, without=[waiting[0], waiting[-1]])
    assert ids(found.dangers) == []
    assert ids(found.page.lines) == waiting[2 : PAGE + 2]
