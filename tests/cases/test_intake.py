"""What comes in is kept once, sealed where it must be, and joined only by rule."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from luoshi.cases import actions, queries
from luoshi.cases.actions import NewReport, OldRecord, Refused
from luoshi.cases.models import Case, CaseEvent, Picture, Report
from luoshi.infra.pictures import PictureRefused
from luoshi.rules.state import Origin
from luoshi.trust import codes
from luoshi.trust.models import VaultRecord
from tests.cast import Cast, photo

DAY = timedelta(days=1)


def test_the_same_message_again_gives_the_same_receipt(cast: Cast, now: datetime) -> None:
    first = cast.report(now, external_id="m1")
    again = cast.report(now + DAY, external_id="m1")
    assert (again.number, again.case, again.repeated) == (first.number, first.case, True)
    assert Report.objects.count() == Case.objects.count() == 1


def test_the_same_id_at_another_door_is_another_report(cast: Cast, now: datetime) -> None:
    one, other = cast.report(now, external_id="m1"), cast.report(now, external_id="m1", door="web")
    assert one.case != other.case


def test_events_hold_neither_words_nor_phone_of_the_reporter(cast: Cast, now: datetime) -> None:
    cast.report(now, text="三号楼的老李在种菜", phone="13900001234", name="王小明")
    with connection.cursor() as cursor:
        cursor.execute("SELECT data, canonical FROM cases_caseevent")
        told = repr([[bytes(b) if not isinstance(b, str) else b for b in r] for r in cursor])
    for secret in ("老李", "13900001234", "王小明", "\\u8001"):
        assert secret not in told


def test_a_confidential_report_is_sealed_and_stays_away_from_the_desk(
    cast: Cast, now: datetime
) -> None:
    code = codes.new_code()
    got = cast.report(now, text="主任收了好处", confidential=True, code=code, phone=None)
    assert VaultRecord.objects.get(pk=Report.objects.get().text).plain is None
    assert queries.inbox(cast.district).lines == ()
    assert [line.id for line in queries.inbox(cast.district, sealed=True).lines] == [got.case]
    with pytest.raises(Refused, match="not_your_part"):
        cast.do("desk1", got.case, "classify", now, category="estate.green")
    done = cast.do("inspector1", got.case, "classify", now, category="estate.green")
    assert done.state.category == "estate.green"
    assert queries.by_code(cast.district, codes.show(code).lower()) == got.report


def test_a_problem_that_returns_reopens_its_case_only_for_the_same_subject_and_category(
    cast: Cast, now: datetime
) -> None:
    case, verifier = cast.claimed(now, category="estate.parking")
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True)
    report = Report.objects.get()
    actions.act(
        case=case,
        command=actions.Command("verdict", {"solved": True}),
        actor=actions.Actor(report=report.pk),
        now=now,
    )
    other = cast.report(now + DAY, category="estate.green")
    assert other.case != case
    same = cast.report(now + DAY, category="estate.parking")
    assert (same.case, same.joined) == (case, True)
    state = queries.line(case).state
    assert (state.status, state.reopened, state.reports) == ("handling", 1, 2)
    assert state.deadline > now + DAY


def test_a_problem_that_returns_after_many_days_is_a_new_case(cast: Cast, now: datetime) -> None:
    old = actions.record_old(
        record=OldRecord(
            district=cast.district, ledger="a", line="1", text="脏", happened_at=now,
            category="estate.environment", subject=cast.estate,
        ),
        by=cast.actor("desk1"),
        now=now,
    )  # fmt: skip
    late = cast.report(now + 91 * DAY, category="estate.environment")
    assert late.case != old


def test_an_old_record_is_imported_once_and_by_the_desk_only(cast: Cast, now: datetime) -> None:
    record = OldRecord(
        district=cast.district, ledger="a", line="1", text="脏", happened_at=now - 30 * DAY
    )
    with pytest.raises(Refused, match="not_your_part"):
        actions.record_old(record=record, by=cast.actor("community1"), now=now)
    first = actions.record_old(record=record, by=cast.actor("desk1"), now=now)
    assert actions.record_old(record=record, by=cast.actor("desk1"), now=now) == first
    state = queries.line(first).state
    assert (state.status, state.resolution) == ("closed", "unverified")
    assert state.received_at == now - 30 * DAY


def test_pictures_come_in_with_the_report_and_bad_ones_stop_it_whole(
    cast: Cast, now: datetime
) -> None:
    with pytest.raises(PictureRefused):
        cast.report(now, pictures=[photo(), b"%PDF-1.4"])
    with pytest.raises(Refused, match="same_picture_twice"):
        cast.report(now, pictures=[photo(seed=1), photo(seed=1)])
    with pytest.raises(Refused, match="too_many_pictures"):
        cast.report(now, pictures=[photo() for _ in range(10)])
    assert Case.objects.count() == 0
    cast.report(now, pictures=[photo(), photo()])
    assert Picture.objects.count() == 2


def test_a_child_is_never_asked_and_neither_is_somebody_without_contact_or_code(
    cast: Cast, now: datetime
) -> None:
    cast.report(now, minor=True)
    cast.report(now, phone=None)
    assert [r.reachable for r in Report.objects.all()] == [False, False]


def test_danger_to_life_is_due_two_hours_after_receipt(cast: Cast, now: datetime) -> None:
    case = cast.report(now, category="danger.manhole").case
    later = now + timedelta(minutes=50)
    done = cast.do("desk1", case, "assign", later, owner=cast.units["garden"])
    assert done.state.deadline == now + timedelta(hours=2)


def test_the_history_of_a_case_cannot_be_rewritten(cast: Cast, now: datetime) -> None:
    from django.db import DatabaseError, transaction

    cast.report(now)
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseEvent.objects.update(kind="closed")
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseEvent.objects.all().delete()


# ---- What the inspection team finds itself ----


def found_by_inspector(cast: Cast, now: datetime, **given: object) -> actions.Received:
    values: dict[str, object] = {
        "district": cast.district,
        "door": "inspection",
        "external_id": "form 1",
        "text": "消防通道被占",
        "origin": Origin.INSPECTION,
    }
    report = NewReport(**{**values, **given})  # type: ignore[arg-type]
    return actions.receive(report=report, now=now, by=cast.actor("inspector1"))


def test_what_an_inspector_finds_is_his_and_nobody_is_asked_about_it(
    cast: Cast, now: datetime
) -> None:
    case = found_by_inspector(cast, now, pictures=[photo()]).case
    event = CaseEvent.objects.get(case=case)
    assert (event.kind, event.seat, event.person) == (
        "received",
        "inspector",
        cast.people["inspector1"],
    )
    assert Picture.objects.get().seat == "inspector"
    state = queries.line(case).state  # type: ignore[union-attr]
    assert (state.origin, state.reporters, state.sealed) == ("inspection", 0, False)
    assert not Report.objects.get().reachable


def test_the_desk_can_dispatch_it_but_neither_answer_nor_decline(cast: Cast, now: datetime) -> None:
    case = found_by_inspector(cast, now).case
    assert [line.id for line in queries.inbox(cast.district).lines] == [case]
    for command in ("answer", "decline"):
        with pytest.raises(Refused, match="not_reported_by_a_person"):
            cast.do("desk1", case, command, now, text="words", reason="other")
    cast.do("desk1", case, "classify", now, category="estate.parking")
    cast.do("desk1", case, "assign", now, owner=cast.units["community"])
    cast.do("community1", case, "acknowledge", now)
    verifier = cast.name_of(cast.claim("community1", case, now).state.verifier)
    cast.do(verifier, case, "open", now)
    done = cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
    assert (done.state.status, done.state.resolution) == ("closed", "fixed")


def test_what_he_finds_again_reopens_a_verified_case_but_none_that_the_desk_answered(
    cast: Cast, now: datetime
) -> None:
    same = {"subject": cast.estate, "category": "estate.parking"}
    answered = cast.report(now, category="estate.parking").case
    cast.do("desk1", answered, "answer", now, text="按规定办理")
    own = found_by_inspector(cast, now + DAY, **same)
    assert not own.joined
    assert own.case != answered
    case, verifier = cast.claimed(now + DAY, phone=None)
    cast.do(verifier, case, "open", now + DAY)
    cast.do(verifier, case, "verify", now + DAY, passed=True)
    again = found_by_inspector(cast, now + 2 * DAY, external_id="form 2", **same)
    assert (again.joined, again.case) == (True, case)
    joined = CaseEvent.objects.get(case=case, kind="joined")
    assert (joined.seat, joined.person) == ("inspector", cast.people["inspector1"])
