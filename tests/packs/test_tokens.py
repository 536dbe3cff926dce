"""A bulletin speaks of figures that were reported and of demands, each with what is behind it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from luoshi.expectations import actions
from luoshi.publication import tokens
from luoshi.publication.tokens import CannotTell
from luoshi.registry import actions as registry
from tests.expectations.conftest import NOW, Field, play

__all__ = ["play"]
LATER = NOW + timedelta(hours=1)
Ask = Callable[[str], dict[str, Any]]


@pytest.fixture
def ask(play: Field) -> Ask:
    actions.report_figures(
        district=play.district, subject=play.playground, period="2025", source="年度报表", now=NOW,
        values={"swings": Decimal(1200), "checked": None}, reported_on=date(2026, 1, 7),
    )  # fmt: skip
    play.look()
    return lambda raw: tokens.ask(tokens.uses(raw)[0][0], district=play.district, now=LATER)


def test_a_reported_figure_stands_with_its_unit_period_and_source(ask: Ask) -> None:
    frozen = ask("{{figures.reported subject=东园 code=swings}}")
    assert frozen["en"]["shown"] == "1,200"
    assert frozen["en"]["rows"] == [["2025", "1,200", "年度报表", "2026-01-07"]]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("{{figures.reported subject=东园 code=checked}}", "reported as not known for 2025"),
        ("{{figures.reported subject=东园 code=slides}}", "was not reported for 东园"),
        ("{{figures.reported subject=北园 code=swings}}", "the name or code of no subject"),
        ("{{expectations.standing field=zoo result=met}}", "There is no field “zoo” here"),
        ("{{expectations.standing field=play result=good}}", "is no result"),
    ],
)
def test_what_cannot_be_said_is_not_said_and_the_reason_is(ask: Ask, raw: str, told: str) -> None:
    with translation.override("en"), pytest.raises(CannotTell, match=told):
        ask(raw)


def test_a_name_that_two_subjects_have_asks_for_a_code(ask: Ask, play: Field) -> None:
    registry.create_subject(
        district=play.district, kind="playground", name="东园", area=play.cast.community_area
    )
    with translation.override("en"), pytest.raises(CannotTell, match="use the code of one"):
        ask("{{figures.reported subject=东园 code=swings}}")


def test_findings_of_a_period_are_counted_by_what_they_break(ask: Ask) -> None:
    frozen = ask("{{expectations.findings field=play period=2026-05}}")
    assert (frozen["value"], frozen["en"]["rows"]) == (1, [["play.surface", "1"]])
    assert ask("{{expectations.findings field=play period=2026-04}}")["value"] == 0


def test_standings_are_counted_and_nothing_is_called_a_score(ask: Ask) -> None:
    frozen = ask("{{expectations.standing field=play result=unmet}}")
    assert (frozen["value"], frozen["n"]) == (1, 1)
    assert "no score" in frozen["en"]["definition"]
