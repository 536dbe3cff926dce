"""A night that is killed is run again, and nothing is lost or doubled."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.cases.models import Case
from luoshi.expectations import actions, queries
from luoshi.expectations.actions import night
from luoshi.expectations.models import Finding, Standing, Tally
from luoshi.registry import actions as registry
from tests.expectations.conftest import NOW, TODAY, Field


def playgrounds(play: Field, count: int) -> list[int]:
    """More of them, each with one swing in ten unchecked too many."""
    made = [
        registry.create_subject(
            district=play.district,
            kind="playground",
            name=f"园{n}",
            area=play.cast.community_area,
        )
        for n in range(count)
    ]
    for subject in made:
        actions.report_figures(
            district=play.district, subject=subject, period="2025", source="报表", now=NOW,
            values={"swings": Decimal(10), "checked": Decimal(7)}, reported_on=TODAY,
        )  # fmt: skip
    return made


def evaluate(play: Field) -> Any:
    return actions.evaluate(district=play.district, now=NOW, codes=("play.checked",))


def test_a_night_killed_in_the_middle_is_finished_by_the_next_run(
    play: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    playgrounds(play, 6)
    monkeypatch.setattr(night, "AT_ONCE", 2)
    real, calls = night.settle, []

    def killed(**given: Any) -> Any:
        calls.append(given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(**given)

    monkeypatch.setattr(night, "settle", killed)
    with pytest.raises(KeyboardInterrupt):
        evaluate(play)
    assert 0 < Finding.objects.count() < 6
    evaluate(play)
    assert Finding.objects.count() == Case.objects.filter(origin="finding").count() == 6


def test_the_tally_says_what_the_standings_say(play: Field) -> None:
    playgrounds(play, 3)
    evaluate(play)
    for row in Tally.objects.all():
        there = Standing.objects.filter(expectation=row.expectation_id, result=row.result)
        assert row.count == there.count()


def test_pages_of_a_field_ask_the_same_for_three_and_for_thirty_subjects(play: Field) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.overview(play.district, "play", on=TODAY)
            queries.places(play.district, "playground")
            queries.fields(play.district)
            queries.new_findings(play.district)
        return len(seen)

    playgrounds(play, 3)
    evaluate(play)
    few = asked()
    playgrounds(play, 27)
    evaluate(play)
    assert asked() == few
