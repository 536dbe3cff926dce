"""A night that is killed is run again, and nothing is lost or doubled."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from luoshi.cases.models import Case
from luoshi.expectations import actions, queries
from luoshi.expectations.actions import night
from luoshi.expectations.models import Finding, Standing, Tally
from luoshi.registry import actions as registry
from luoshi.rules.expectations import FigureError
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


def rounds_of_the_chore(most: int = 100) -> int:
    """As the worker goes: a piece, and what else there is to do, until the night is over."""
    cursor: int | None = 0
    for done in range(most):
        cursor = actions.nightly(cursor or 0, now=NOW).cursor
        if cursor is None:
            return done
    raise AssertionError("the night does not end")


def standings() -> list[tuple[Any, ...]]:
    rows = Standing.objects.order_by("expectation__code", "subject")
    return list(rows.values_list("expectation__code", "subject", "result", "code", "period"))


def test_the_chore_in_small_pieces_comes_to_what_one_evaluation_comes_to(
    play: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    playgrounds(play, 7)
    with transaction.atomic():
        actions.evaluate(district=play.district, now=NOW)
        at_once, findings = standings(), Finding.objects.count()
        transaction.set_rollback(True)
    monkeypatch.setattr(night, "CHUNK", 4)
    monkeypatch.setattr(night, "MOST", 3)
    assert rounds_of_the_chore() > 9
    assert standings() == at_once
    assert Finding.objects.count() == findings > 7
    told = queries.last_night(play.district)
    assert told is not None
    assert (told.evaluated, told.findings) == (9 * 3, findings)


def test_a_rule_that_cannot_be_computed_is_told_and_keeps_no_other_from_being_judged(
    play: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = night.judge

    def judge(version: Any, *given: Any, **more: Any) -> Any:
        if version.expectation.code == "play.checked":
            raise FigureError("value", "units do not fit")
        return real(version, *given, **more)

    monkeypatch.setattr(night, "judge", judge)
    faults, cursor = list[str](), 0
    while (piece := actions.nightly(cursor, now=NOW)).cursor is not None:
        faults += piece.faults
        cursor = piece.cursor
    assert len(faults) == 1
    assert faults[0].startswith("play.checked version 1: ")
    assert {code for code, *_ in standings()} == {"play.round", "play.plan"}


def test_whatever_breaks_in_one_rule_the_others_are_judged(
    play: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = night.judge

    def judge(version: Any, *given: Any, **more: Any) -> Any:
        if version.expectation.code == "play.checked":
            raise KeyError("kind")
        return real(version, *given, **more)

    monkeypatch.setattr(night, "judge", judge)
    rounds_of_the_chore()
    assert {code for code, *_ in standings()} == {"play.round", "play.plan"}
    assert queries.last_night(play.district) is not None


def test_a_night_that_is_over_is_not_begun_again_on_the_same_day(play: Field) -> None:
    playgrounds(play, 2)
    rounds_of_the_chore()
    before = queries.last_night(play.district)
    assert rounds_of_the_chore() == 0
    assert queries.last_night(play.district) == before


def test_pages_tell_of_the_last_night_that_is_over(play: Field) -> None:
    actions.nightly(0, now=NOW)
    assert queries.last_night(play.district) is None


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
