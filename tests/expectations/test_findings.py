"""From what was seen to a case with one owner and one deadline, and back to the next check."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from luoshi.cases import actions as at_work
from luoshi.cases import queries as cases
from luoshi.expectations import actions, queries
from luoshi.rules.state import Origin, Refused, Status
from tests.cast import photo
from tests.expectations.conftest import NOW, TODAY, Field

Later = Callable[[float], datetime]


def fixed(play: Field, case: int, now: datetime) -> str:
    """The owner acknowledges and claims; the login of the verifier who was drawn."""
    play.cast.do("garden1", case, "acknowledge", now)
    done = play.cast.do(
        "garden1", case, "claim", now,
        outcome="fixed", measures=["repaired"], text="已修好", pictures=[photo()],
    )  # fmt: skip
    return play.cast.name_of(done.state.verifier)


def state_of(case: int) -> object:
    return cases.lines_of([case])[case].state


def test_what_is_unmet_opens_a_case_with_the_unit_that_answers_for_it(play: Field) -> None:
    done = play.look("unmet")
    [found] = done.findings
    state = state_of(found.case)
    assert (state.status, state.origin) == (Status.ASSIGNED, Origin.FINDING)
    assert state.owner == play.cast.units["garden"]
    assert state.deadline == datetime(2026, 5, 25, 16, tzinfo=UTC)  # three working days


def test_what_is_met_opens_nothing(play: Field) -> None:
    assert play.look("met").findings == ()
    [counted] = [
        c for c in queries.overview(play.district, "play", on=TODAY)
        if c.demand.code == "play.surface"
    ]  # fmt: skip
    assert (counted.met, counted.never, counted.subjects) == (1, 1, 2)


def test_the_same_check_sent_twice_is_one(play: Field) -> None:
    first = play.look("unmet", key="telephone-1")
    again = play.look("unmet", key="telephone-1")
    assert again.repeated
    assert (again.check, again.findings) == (first.check, first.findings)


def test_found_again_while_it_is_open_it_joins_and_is_raised(play: Field, later: Later) -> None:
    [first] = play.look("unmet").findings
    [again] = play.look("unmet", now=later(1)).findings
    assert (again.case, again.joined) == (first.case, True)
    assert state_of(first.case).level == 1


def test_found_again_soon_after_closing_it_is_reopened(play: Field, later: Later) -> None:
    [first] = play.look("unmet").findings
    verifier = fixed(play, first.case, NOW)
    verify(play, first.case, verifier, "met", NOW)
    assert state_of(first.case).status is Status.CLOSED
    [again] = play.look("unmet", now=later(10)).findings
    assert again.case == first.case
    assert state_of(first.case).status is Status.HANDLING


def verify(
    play: Field, case: int, who: str, result: str, now: datetime, *, passed: bool = True
) -> None:
    play.cast.do(who, case, "open", now)
    said = [actions.Said(expectation="play.surface", result=result, text="看过")] if result else []
    actions.verify(
        case=case, district=play.district, person=play.cast.people[who], passed=passed,
        text="核验", now=now, answers=said,
    )  # fmt: skip


def test_the_verifiers_next_check_closes_it(play: Field) -> None:
    [found] = play.look("unmet").findings
    verifier = fixed(play, found.case, NOW)
    verify(play, found.case, verifier, "met", NOW)
    assert state_of(found.case).status is Status.CLOSED
    page = queries.subject_page(play.district, play.playground, on=TODAY)
    assert page is not None
    assert {s.demand.code: s.result for s in page.stands}["play.surface"] == "met"


def test_without_the_next_check_it_does_not_pass(play: Field) -> None:
    [found] = play.look("unmet").findings
    verifier = fixed(play, found.case, NOW)
    with pytest.raises(Refused, match="next_check_missing"):
        verify(play, found.case, verifier, "", NOW)


def test_merged_into_a_report_a_finding_still_wants_its_next_check(play: Field) -> None:
    reported = play.cast.handling(NOW, owner="garden")
    [found] = play.look("unmet", now=NOW + timedelta(minutes=1)).findings
    merge = {"case": found.case, "target": reported, "actor": play.cast.actor("desk1")}
    at_work.merge(**merge, now=NOW + timedelta(minutes=2), text="同一件事")
    done = play.cast.do(
        "garden1", reported, "claim", NOW,
        outcome="fixed", measures=["repaired"], text="已修好", pictures=[photo()],
    )  # fmt: skip
    who = play.cast.name_of(done.state.verifier)
    play.cast.do(who, reported, "open", NOW)
    with pytest.raises(Refused, match="next_check_missing"):
        play.cast.do(who, reported, "verify", NOW, passed=True, text="核验")


def test_each_place_of_a_common_case_wants_an_answer_of_its_own(play: Field) -> None:
    [first] = play.look("unmet", key="east").findings
    [second] = play.look("unmet", key="west", subject=play.other, now=soon(1)).findings
    merge = {"case": second.case, "target": first.case, "actor": play.cast.actor("desk1")}
    at_work.merge(**merge, now=soon(2), text="同一件事")
    who = fixed(play, first.case, soon(3))
    play.cast.do(who, first.case, "open", soon(4))

    def met(*subjects: int) -> None:
        actions.verify(
            case=first.case, district=play.district, person=play.cast.people[who], passed=True,
            text="核验", now=soon(5), pictures=[photo()],
            answers=[
                actions.Said(expectation="play.surface", subject=one, result="met")
                for one in subjects
            ],
        )  # fmt: skip

    with pytest.raises(Refused, match="next_check_missing"):
        met(play.playground)
    met(play.playground, play.other)
    assert state_of(first.case).status is Status.CLOSED


def soon(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_a_wrong_answer_is_corrected_with_a_reason_and_both_stay(play: Field) -> None:
    first = play.look("unmet")
    given = {
        "check": first.check,
        "answers": [actions.Said(expectation="play.surface", result="met")],
        "person": play.cast.people["inspector1"],
        "now": NOW + timedelta(hours=1),
        "key": "again",
    }
    with pytest.raises(Refused, match="reason_missing"):
        actions.correct_check(reason=" ", **given)
    actions.correct_check(reason="看错了地方", **given)
    newest, oldest = queries.checks_of(play.district, play.playground)
    assert (newest.reason, oldest.corrected) == ("看错了地方", True)
    assert [c.answers[0].result for c in (newest, oldest)] == ["met", "unmet"]
    with pytest.raises(Refused, match="check_corrected"):
        actions.correct_check(reason="再改", **{**given, "key": "third"})


def test_what_is_still_unmet_does_not_pass_and_no_check_is_left_behind(play: Field) -> None:
    [found] = play.look("unmet").findings
    verifier = fixed(play, found.case, NOW)
    with pytest.raises(Refused, match="still_unmet"):
        verify(play, found.case, verifier, "unmet", NOW)
    assert len(queries.checks_of(play.district, play.playground)) == 1


def test_figures_below_the_limit_become_a_finding_and_the_next_period_mends_it(
    play: Field, later: Later
) -> None:
    report(play, "2025", 10, 7)
    night = actions.evaluate(district=play.district, now=NOW)
    assert night.results["unmet"] >= 1
    [info] = [f for f in queries.new_findings(play.district) if f.demand.code == "play.checked"]
    assert info.period == "2025"
    assert "70" in cases.lines_of([info.case])[info.case].text
    verifier = fixed(play, info.case, NOW)
    play.cast.do(verifier, info.case, "open", NOW)
    given = {"case": info.case, "district": play.district, "text": "核对报表"}
    person = play.cast.people[verifier]
    with pytest.raises(Refused, match="still_unmet"):
        actions.verify(person=person, passed=True, now=NOW, **given)
    report(play, "2026-Q1", 10, 9)
    actions.verify(person=person, passed=True, now=later(1), **given)
    assert state_of(info.case).status is Status.CLOSED


def report(play: Field, period: str, swings: int | None, checked: int) -> None:
    actions.report_figures(
        district=play.district, subject=play.playground, period=period,
        values={"swings": None if swings is None else Decimal(swings), "checked": Decimal(checked)},
        source="园林处报表", reported_on=TODAY, now=NOW,
    )  # fmt: skip


def test_a_missing_figure_is_unknown_and_names_what_is_missing(play: Field) -> None:
    report(play, "2025", None, 7)
    actions.evaluate(district=play.district, now=NOW)
    page = queries.subject_page(play.district, play.playground, on=TODAY)
    assert page is not None
    stands = {s.demand.code: s for s in page.stands}["play.checked"]
    assert stands.result == "unknown"
    assert "秋千" in stands.reason


def test_a_night_run_twice_changes_nothing_the_second_time(play: Field) -> None:
    report(play, "2025", 10, 7)
    first = actions.evaluate(district=play.district, now=NOW)
    again = actions.evaluate(district=play.district, now=NOW)
    assert first.changed > 0
    assert (again.changed, again.findings) == (0, 0)


def test_a_date_that_passed_without_proof_is_found_and_a_late_proof_mends_it(
    play: Field, later: Later
) -> None:
    actions.evaluate(district=play.district, now=NOW)
    [info] = [
        f for f in queries.new_findings(play.district)
        if f.demand.code == "play.plan" and f.subject == play.playground
    ]  # fmt: skip
    actions.deliver(
        district=play.district, subject=play.playground, expectation="play.plan",
        due=date(2026, 5, 10), on=TODAY, text="方案", now=NOW,
    )  # fmt: skip
    actions.evaluate(district=play.district, now=later(1))
    page = queries.subject_page(play.district, play.playground, on=TODAY)
    assert page is not None
    assert {s.demand.code: s.result for s in page.stands}["play.plan"] == "met"
    assert state_of(info.case).status is Status.ASSIGNED  # it still wants its verification


def test_a_record_that_stopped_is_one_finding_however_long_it_lasts(
    play: Field, later: Later
) -> None:
    actions.add_record(
        district=play.district, subject=play.playground, record="round", on=date(2026, 5, 1),
        data={"by": "甲"}, now=NOW,
    )  # fmt: skip
    actions.evaluate(district=play.district, now=NOW)
    actions.evaluate(district=play.district, now=later(3))
    found = [
        f for f in queries.new_findings(play.district)
        if f.demand.code == "play.round" and f.subject == play.playground
    ]  # fmt: skip
    assert [f.period for f in found] == ["2026-05-08"]


def test_nobody_answering_for_it_leaves_it_at_the_desk(play: Field) -> None:
    from luoshi.registry import actions as registry
    from luoshi.registry import queries as asked

    for duty in asked.duties(play.district, on=TODAY):
        registry.end_duty(duty=duty.id, on=date(2026, 2, 1))
    [found] = play.look("unmet").findings
    assert state_of(found.case).status is Status.NEW
