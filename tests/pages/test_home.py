"""The first page: what the district's public is told in figures, and what it is not."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from luoshi.cases import actions
from luoshi.cases.actions import Actor, Command
from luoshi.registry.models import Person
from luoshi.rules.figures import Figures, Rate, Spread
from luoshi.web.public import figures
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.rooms import body, cost, enter

NONE = Rate(0, 0)


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"Accept-Language": "en"})


def told(page: str) -> dict[str, str]:
    """The big words by their label."""
    return dict(re.findall(r'<dt>([^<]+)</dt><dd><span class="big">([^<]+)</span>', page))


def solved(cast: Cast, now: datetime, *, satisfied: bool) -> None:
    received = cast.report(now, phone="13800138000")
    case = received.case
    cast.do("desk1", case, "classify", now, category="estate.parking")
    cast.do("desk1", case, "assign", now, owner=cast.units["community"])
    cast.do("community1", case, "acknowledge", now)
    verifier = cast.name_of(cast.claim("community1", case, now).state.verifier)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
    word = Command("verdict", {"solved": True, "satisfied": satisfied})
    actions.act(case=case, command=word, actor=Actor(report=received.report), now=now)


def figures_of(*, n: int, solved: int, satisfied: int) -> Figures:
    """Of n cases, all closed and all answered."""
    return Figures(
        cases=n,
        triaged=NONE,
        acknowledged=NONE,
        responded=NONE,
        on_time=NONE,
        on_time_original=NONE,
        solved=Rate(solved, n, answered=n, asked=n),
        first_pass=NONE,
        satisfied=Rate(satisfied, n, answered=n, asked=n),
        first_time=NONE,
        redone=NONE,
        at_desk=Rate(0, n),
        desk_disputed=NONE,
        desk_wrong=NONE,
        to_fix=Spread(n, timedelta(days=6, hours=5), timedelta(days=20)),
    )


def test_without_a_case_the_page_says_when_figures_come(cast: Cast, visitor: Client) -> None:
    page = body(visitor.get("/"))
    assert "Figures appear here as soon as cases have come in." in page
    assert told(page) == {}


def test_without_a_district_too(db: None, visitor: Client) -> None:
    assert "Figures appear here" in body(visitor.get("/"))


def test_a_few_cases_are_told_as_counts(cast: Cast, now: datetime, visitor: Client) -> None:
    cast.report(now)
    cast.claimed(now)
    solved(cast, now, satisfied=True)
    solved(cast, now, satisfied=False)
    page = body(visitor.get("/"))
    assert told(page) == {
        "Cases received": "4",
        "Closed after verification": "2",
        "Solved, in the reporter&#39;s word": "2 of 2",
        "Satisfied": "1 of 2",
    }
    assert "of 3 given to a unit" in page
    assert "answers from 2 of the 2 cases in which somebody was asked" in page
    assert "%" not in re.sub(r"%2F", "", page)


def test_from_thirty_on_there_are_rates_and_a_median() -> None:
    with translation.override("en"):
        values = [item.value for item in figures.items(figures_of(n=30, solved=21, satisfied=15))]
        few = [item.value for item in figures.items(figures_of(n=29, solved=21, satisfied=15))]
    assert values == ["30", "30", "70%", "50%", "6 days 5 hours"]
    assert few == ["29", "29", "21 of 29", "15 of 29"]


def test_each_figure_says_in_words_what_it_counts(
    cast: Cast, now: datetime, visitor: Client
) -> None:
    solved(cast, now, satisfied=True)
    page = body(visitor.get("/"))
    means = re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page)
    assert [label for label, _ in means] == list(told(page))
    assert all(len(words) > 60 for _, words in means)


def test_no_unit_is_named(cast: Cast, now: datetime, visitor: Client) -> None:
    solved(cast, now, satisfied=True)
    page = body(visitor.get("/"))
    assert not [name for name in cast.units if f">{name}<" in page]


def test_figures_are_reckoned_once_in_ten_minutes(
    cast: Cast, now: datetime, visitor: Client
) -> None:
    bare = cost(visitor, "/")
    cache.clear()
    for _ in range(3):
        cast.handling(now)
    assert cost(visitor, "/") == bare
    cast.handling(now)
    assert told(body(visitor.get("/")))["Cases received"] == "3"
    cache.clear()
    assert told(body(visitor.get("/")))["Cases received"] == "4"


def test_the_page_is_light(cast: Cast, now: datetime, visitor: Client) -> None:
    solved(cast, now, satisfied=True)
    assert len(visitor.get("/").content) < 12_000


def test_whoever_may_no_longer_sign_in_is_out_at_once(cast: Cast) -> None:
    client = enter(cast, "desk1")
    assert client.get("/desk/").status_code == 200
    Person.objects.filter(pk=cast.people["desk1"]).update(is_active=False)
    assert client.get("/desk/").status_code == 302


def test_a_new_password_ends_the_sessions_of_the_old_one(cast: Cast) -> None:
    client = enter(cast, "desk1")
    assert client.get("/desk/").status_code == 200
    person = Person.objects.get(pk=cast.people["desk1"])
    person.set_password("another-one-2026")
    person.save()
    assert client.get("/desk/").status_code == 302
