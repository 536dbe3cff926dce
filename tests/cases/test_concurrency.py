"""Two hands on one case: one of them wins, the other is told, and nothing is done twice."""

from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from luoshi.cases import actions, intake, queries
from luoshi.cases.actions import Actor, Child, Command, Done, NewReport, OldRecord, Refused
from luoshi.cases.models import Case, CaseEvent, IdempotencyKey, Report
from luoshi.doors.sms.models import Inbound
from luoshi.doors.sms.reading import Message
from luoshi.doors.sms.take import take
from tests.cases.racing import codes, kinds, race
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def for_verdict(cast: Cast, now: datetime) -> tuple[int, list[int]]:
    """A case that passed its verification and waits for the word of two reporters."""
    case = cast.handling(now)
    other = cast.handling(now + SECOND)
    actions.merge(case=other, target=case, actor=cast.actor("desk1"), now=now)
    verifier = cast.name_of(cast.claim("community1", case, now).state.verifier)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True)
    return case, list(Report.objects.order_by("pk").values_list("pk", flat=True))


def say(report: int, case: int, now: datetime, *, solved: bool) -> Done:
    command = Command("verdict", {"solved": solved})
    return actions.act(case=case, command=command, actor=Actor(report=report), now=now)


def test_of_two_desk_people_who_assign_one_case_one_wins(cast: Cast, now: datetime) -> None:
    case = cast.report(now, category="estate.parking").case
    got = race(
        lambda: cast.do("desk1", case, "assign", now, owner=cast.units["garden"]),
        lambda: cast.do("desk2", case, "assign", now, owner=cast.units["police"]),
        over=case,
    )
    assert codes(got) == ["wrong_status"]
    assert kinds(case) == ["received", "assigned"]
    [won] = [done for done in got if isinstance(done, Done)]
    assert queries.line(case).state == won.state


def test_of_ten_people_with_the_same_page_one_acts_and_nine_are_told(
    cast: Cast, now: datetime
) -> None:
    case = cast.handling(now)
    seen = queries.line(case).seq

    def note(who: str) -> Done:
        return actions.act(
            case=case, command=Command("note"), actor=cast.actor(who), now=now,
            text="已到现场", seen=seen,
        )  # fmt: skip

    hands = ["community1", "community2"] * 5
    got = race(*(lambda who=who: note(who) for who in hands), over=case)
    assert codes(got) == ["changed_meanwhile"] * 9
    assert kinds(case).count("noted") == 1


def test_twenty_notes_at_once_are_all_kept_one_after_the_other(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    before = len(kinds(case))
    got = race(
        *(lambda n=n: cast.do("community1", case, "note", now, text=f"第{n}条") for n in range(20)),
        over=case,
    )
    assert codes(got) == []
    assert kinds(case)[before:] == ["noted"] * 20


def test_the_database_itself_refuses_a_second_event_of_the_same_number(
    cast: Cast, now: datetime
) -> None:
    case = cast.handling(now)
    event = CaseEvent.objects.filter(case=case).order_by("seq").last()
    event.pk += 1
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save(force_insert=True)
    assert kinds(case)[-1] == "acknowledged"


def test_a_claim_and_a_transfer_at_once_do_not_both_happen(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    got = race(
        lambda: cast.claim("community1", case, now),
        lambda: cast.do(
            "inspector1", case, "transfer", now, owner=cast.units["street"], text="立行立改"
        ),
        over=case,
    )
    assert codes(got) == ["wrong_status"]
    ends = {"claimed": "claimed", "assigned": "transferred"}
    status = queries.line(case).state.status
    happened = set(kinds(case)) & {"claimed", "transferred"}
    assert happened == {ends[status]}


def test_a_verification_that_begins_and_a_claim_that_is_withdrawn_exclude_each_other(
    cast: Cast, now: datetime
) -> None:
    case, verifier = cast.claimed(now)
    got = race(
        lambda: cast.do(verifier, case, "open", now),
        lambda: cast.do("community1", case, "withdraw_claim", now),
        over=case,
    )
    assert codes(got) in (["verification_begun"], ["wrong_status"])
    assert len(set(kinds(case)) & {"opened", "claim_withdrawn"}) == 1


@pytest.mark.parametrize("round", range(5))
def test_two_merges_that_cross_neither_hang_nor_both_happen(
    cast: Cast, now: datetime, round: int
) -> None:
    older, younger = cast.handling(now), cast.handling(now + SECOND)

    def merge(who: str, case: int, target: int) -> Done:
        return actions.merge(case=case, target=target, actor=cast.actor(who), now=now)

    got = race(
        lambda: merge("desk1", younger, older),
        lambda: merge("desk2", older, younger),
        over=older,
    )
    assert len(codes(got)) == 1
    assert codes(got)[0] in {"target_younger", "merge_chain", "target_not_open"}
    assert queries.line(younger).state.merged_into == older
    assert queries.line(older).state.merged_into is None
    assert kinds(older).count("absorbed") == kinds(younger).count("merged") == 1


def test_a_chain_of_merges_never_comes_about(cast: Cast, now: datetime) -> None:
    first, second, third = (cast.handling(now + n * SECOND) for n in range(3))
    got = race(
        lambda: actions.merge(case=second, target=first, actor=cast.actor("desk1"), now=now),
        lambda: actions.merge(case=third, target=second, actor=cast.actor("desk2"), now=now),
        over=second,
    )
    assert codes(got) in (["merge_chain"], ["target_not_open"])
    merged = Case.objects.exclude(merged_into=None).values_list("merged_into", flat=True)
    assert not Case.objects.filter(pk__in=list(merged)).exclude(merged_into=None).exists()
    assert [kinds(case)[-1] for case in (first, second, third)]


def test_one_message_that_arrives_twenty_times_at_once_is_one_report(
    cast: Cast, now: datetime
) -> None:
    got = race(*(lambda: cast.report(now, external_id="m1") for _ in range(20)))
    assert len({(one.report, one.case, one.number) for one in got}) == 1
    assert [one.repeated for one in got].count(False) == 1
    assert Report.objects.count() == Case.objects.count() == IdempotencyKey.objects.count() == 1
    assert kinds(got[0].case) == ["received"]


@pytest.mark.usefixtures("postgres")
def test_a_message_that_nobody_knew_when_everybody_looked_is_still_one_report(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = Barrier(20, timeout=60)
    known, first = intake._known, set[int]()

    def wait_after_the_first_look(report: NewReport, key: bytes) -> actions.Received | None:
        found = known(report, key)
        if id(connection.connection) not in first:
            first.add(id(connection.connection))
            looked.wait()
        return found

    monkeypatch.setattr(intake, "_known", wait_after_the_first_look)
    got = race(*(lambda: cast.report(now, external_id="m1") for _ in range(20)))
    assert len({one.number for one in got}) == 1
    assert Report.objects.count() == Case.objects.count() == 1


def test_reports_of_a_closed_problem_that_arrive_at_once_reopen_it_once(
    cast: Cast, now: datetime
) -> None:
    case, reports = for_verdict(cast, now)
    for report in reports:
        say(report, case, now, solved=True)
    got = race(
        *(lambda: cast.report(now + DAY, category="estate.parking") for _ in range(6)), over=case
    )
    assert kinds(case).count("reopened") == 1
    assert sum(one.joined for one in got) == kinds(case).count("joined") >= 1
    assert Report.objects.count() == len(reports) + 6


def test_the_words_of_two_reporters_at_once_both_count_and_close_once(
    cast: Cast, now: datetime
) -> None:
    case, (one, other) = for_verdict(cast, now)
    got = race(
        lambda: say(one, case, now, solved=True),
        lambda: say(other, case, now, solved=True),
        over=case,
    )
    assert codes(got) == []
    assert kinds(case)[-3:] == ["verdict_given", "verdict_given", "closed"]
    said = Report.objects.values_list("verdict", flat=True)
    assert list(said) == ["solved", "solved"]
    assert sorted(done.state.status for done in got) == ["closed", "verdict"]


def test_one_not_solved_at_the_same_moment_keeps_the_case_open(cast: Cast, now: datetime) -> None:
    case, (one, other) = for_verdict(cast, now)
    got = race(
        lambda: say(one, case, now, solved=True),
        lambda: say(other, case, now, solved=False),
        over=case,
    )
    assert codes(got) in ([], ["wrong_status"])
    assert "closed" not in kinds(case)
    assert queries.line(case).state.status == "handling"


def test_a_reporter_who_sends_his_word_twice_at_once_has_one(cast: Cast, now: datetime) -> None:
    case, (one, _) = for_verdict(cast, now)
    got = race(*(lambda: say(one, case, now, solved=True) for _ in range(2)), over=case)
    assert codes(got) == ["verdict_given_before"]
    assert kinds(case).count("verdict_given") == 1
    assert queries.line(case).state.awaiting == 1


def test_two_clocks_note_one_missed_time_once(cast: Cast, now: datetime) -> None:
    cases = [cast.report(now).case for _ in range(3)]
    got = race(*(lambda: actions.tick_due(now + 3 * DAY) for _ in range(2)), over=cases[0])
    assert sum(got) == 3
    assert [kinds(case) for case in cases] == [["received", "missed"]] * 3


def test_a_word_and_its_lapse_at_once_close_the_case_once(cast: Cast, now: datetime) -> None:
    case, (one, other) = for_verdict(cast, now)
    say(one, case, now, solved=True)
    later = now + 10 * DAY
    race(
        lambda: say(other, case, later, solved=True),
        lambda: actions.tick(case=case, now=later),
        over=case,
    )
    assert kinds(case).count("closed") == 1
    words = {"solved": "verdict_given", "no_answer": "lapsed"}
    state = queries.line(case).state
    assert kinds(case)[-2:] == [words[state.verdict], "closed"]


def test_a_split_and_a_transfer_at_once_lose_neither_part_nor_owner(
    cast: Cast, now: datetime
) -> None:
    case = cast.handling(now)
    parts = [
        Child(category="estate.parking", owner=cast.units["police"], summary="地锁"),
        Child(category="estate.green", owner=cast.units["garden"], summary="菜地"),
    ]
    got = race(
        lambda: actions.split(case=case, children=parts, actor=cast.actor("desk1"), now=now),
        lambda: cast.do(
            "inspector1", case, "transfer", now, owner=cast.units["street"], text="立行立改"
        ),
        over=case,
    )
    assert codes(got) == []
    assert sorted(kinds(case)[-2:]) == ["split", "transferred"]
    state = queries.line(case).state
    assert (state.children, state.owner) == (2, cast.units["street"])
    children = Case.objects.filter(parent=case)
    assert [kinds(child.pk) for child in children] == [["received", "assigned"]] * 2


def test_a_part_that_is_split_off_while_the_whole_is_claimed_is_never_overlooked(
    cast: Cast, now: datetime
) -> None:
    case = cast.handling(now)
    part = Child(category="estate.parking", owner=cast.units["police"], summary="地锁")
    got = race(
        lambda: actions.split(case=case, children=[part, part], actor=cast.actor("desk1"), now=now),
        lambda: cast.claim("community1", case, now),
        over=case,
    )
    assert codes(got) in (["open_children"], ["wrong_status"])
    assert len(set(kinds(case)) & {"split", "claimed"}) == 1


def test_a_reporter_speaks_to_the_case_that_his_report_belongs_to_now(
    cast: Cast, now: datetime
) -> None:
    target, merged = cast.handling(now), cast.handling(now + SECOND)
    report = Report.objects.get(case=merged).pk
    actions.merge(case=merged, target=target, actor=cast.actor("desk1"), now=now)
    words = Command("reply")
    got = race(
        lambda: actions.unmerge(case=merged, actor=cast.actor("desk1"), now=now),
        lambda: actions.act(
            case=merged, command=words, actor=Actor(report=report), now=now, text="还在"
        ),
        over=target,
    )
    happened, own = kinds(target), kinds(merged)
    if "replied" in happened:
        assert happened.index("replied") < happened.index("released")
    elif "replied" in own:
        assert own.index("unmerged") < own.index("replied")
    else:
        assert codes(got) == ["not_your_part"]


def test_an_old_record_imported_by_two_people_at_once_is_one_case(
    cast: Cast, now: datetime
) -> None:
    record = OldRecord(
        district=cast.district, ledger="2026-03", line="12", text="脏", happened_at=now - 30 * DAY
    )
    got = race(
        *(
            lambda who=who: actions.record_old(record=record, by=cast.actor(who), now=now)
            for who in ("desk1", "desk2") * 4
        )
    )
    assert len(set(got)) == Case.objects.count() == IdempotencyKey.objects.count() == 1


def test_a_merge_taken_back_and_made_anew_elsewhere_is_not_taken_back_there(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (cast.handling(now + n * SECOND) for n in range(3))
    desk = cast.actor("desk1")
    actions.merge(case=third, target=first, actor=desk, now=now)
    lock = actions.hold_all

    def slow(**given: Any) -> Any:
        # In between, while this one only knows the old target, another hand is quicker.
        monkeypatch.setattr(actions, "hold_all", lock)
        actions.unmerge(case=third, actor=desk, now=now)
        actions.merge(case=third, target=second, actor=desk, now=now)
        return lock(**given)

    monkeypatch.setattr(actions, "hold_all", slow)
    with pytest.raises(Refused, match="changed_meanwhile"), transaction.atomic():
        actions.unmerge(case=third, actor=desk, now=now)


def test_a_case_that_the_clock_cannot_move_does_not_stop_it_for_the_others(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = cast.report(now).case, cast.report(now + SECOND).case
    tick = actions.tick

    def broken(*, case: int, now: datetime) -> Done | None:
        if case == bad:
            raise ValueError("a state that nobody thought of")
        return tick(case=case, now=now)

    monkeypatch.setattr(actions, "tick", broken)
    assert actions.tick_due(now + 3 * DAY) == 1
    assert kinds(good) == ["received", "missed"]
    assert str(bad) in caplog.text


def test_a_gateway_that_delivers_one_message_twenty_times_at_once_gets_one_receipt(
    cast: Cast, now: datetime
) -> None:
    message = Message(id="m1", sender="13800138000", text="示范新村绿地被种菜")
    got = race(*(lambda: take(message, district=cast.district, now=now) for _ in range(20)))
    assert len({(one.outcome, one.number) for one in got}) == 1
    assert [one.repeated for one in got].count(False) == 1
    assert Report.objects.count() == IdempotencyKey.objects.count() == Inbound.objects.count() == 1


def test_a_verdict_by_message_and_one_by_link_at_the_same_moment_are_one(
    cast: Cast, now: datetime
) -> None:
    case, (one, other) = for_verdict(cast, now)
    number = Report.objects.get(pk=one).number
    message = Message(id="m9", sender="13800138000", text=f"{number} 已解决")
    race(
        lambda: take(message, district=cast.district, now=now),
        lambda: say(one, case, now, solved=True),
        over=case,
    )
    assert kinds(case).count("verdict_given") == 1
    state = queries.line(case).state
    assert (state.status, state.awaiting) == ("verdict", 1)
    assert Report.objects.get(pk=other).verdict is None
