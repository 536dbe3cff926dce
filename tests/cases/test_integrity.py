"""Whatever happens, in whatever order: what is stored adds up, and no case is closed on paper."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Event, Thread
from typing import Any

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from luoshi.cases import actions, check, gather
from luoshi.cases.models import Case, CaseEvent, CaseUnit, IdempotencyKey, Picture, Report
from luoshi.infra import files, triggers
from luoshi.trust import log
from luoshi.trust.models import LogLeaf, VaultRecord
from tests.cases.walk import Walk
from tests.cast import PEOPLE, Cast, photo

# Units with a stake in what another one did, written down by hand: the rules are not asked.
_ESTATE = {"street", "community", "property"}
STAKES = {
    "street": _ESTATE,
    "community": _ESTATE,
    "property": _ESTATE,
    "garden": {"garden"},
    "police": {"police"},
    "desk": {"desk"},
    "team": {"team"},
    "government": {"government"},
    "panel": {"panel"},
    "pool": {"pool"},
}


def found() -> list[str]:
    return [str(fault) for fault in check.faults()]


@pytest.fixture
def lively(cast: Cast, now: datetime) -> tuple[Cast, int]:
    """A case with pictures that its reporter did not find solved, and one that was split."""
    case, verifier = cast.claimed(now, pictures=[photo()])
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
    report = Report.objects.get(case=case)
    actions.act(
        case=case,
        command=actions.Command("verdict", {"solved": False}),
        actor=actions.Actor(report=report.pk),
        now=now,
        text="还在",
    )
    other = cast.handling(now)
    part = actions.Child(category="estate.parking", owner=cast.units["police"], summary="地锁")
    actions.split(case=other, children=[part, part], actor=cast.actor("desk1"), now=now)
    return cast, case


# ---- Random walks ----


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_no_walk_through_the_loop_closes_a_case_on_paper_or_leaves_a_fault(
    cast: Cast, now: datetime, settings: Settings, seed: int
) -> None:
    settings.SAMPLE_PERCENT, settings.RAISED_PERCENT = 50, 30
    walk = Walk(cast, seed=seed, start=now)
    walk.steps(250)
    assert sum(walk.done.values()) > 120, walk.done
    assert found() == []
    histories = {
        row.pk: list(CaseEvent.objects.filter(case=row).order_by("seq"))
        for row in Case.objects.all()
    }
    for case in histories:
        assert list(on_paper(case, histories, cast)) == []
    for row in Case.objects.filter(status="closed", verdict="solved"):
        assert set(unheard(row)) == set()


@pytest.mark.django_db
def test_the_proof_would_see_a_verifier_of_the_handling_branch(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"person": cast.people["street1"], "pool": [], "seed": "x", "raised": False}
    monkeypatch.setattr(gather, "drawn_verifier", lambda *_: own)
    monkeypatch.setattr(gather, "_ineligible", lambda *_: None)
    case, verifier = cast.claimed(now, phone=None)
    now += timedelta(minutes=1)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True)
    history = list(CaseEvent.objects.filter(case=case).order_by("seq"))
    [wrong] = on_paper(case, {case: history}, cast)
    assert wrong.endswith("who belongs to street beside community")


def on_paper(case: int, histories: dict[int, list[CaseEvent]], cast: Cast) -> Iterator[str]:
    """Closings of a once assigned case without an independent verification that held."""
    assigned, passed, unsolved = False, None, 0
    for event in histories[case]:
        if event.kind in {"assigned", "transferred", "ruled"}:
            assigned = True
        if event.kind in {"claimed", "return_declined", "claim_withdrawn", "reopened"}:
            passed = None
        if event.kind == "reopened":
            unsolved = 0
        if event.kind == "verified":
            passed = event if event.data["passed"] else None
        if event.kind == "verdict_given" and not event.data["solved"]:
            assert passed is not None, "a verdict without a verification before it"
            passed, unsolved = None, unsolved + 1
        if event.kind == "closed" and assigned:
            yield from _wrong_end(event, passed, unsolved, histories, cast)


def _wrong_end(
    event: CaseEvent,
    passed: CaseEvent | None,
    unsolved: int,
    histories: dict[int, list[CaseEvent]],
    cast: Cast,
) -> Iterator[str]:
    resolution = event.data["resolution"]
    if resolution == "merged":
        return
    if resolution == "unsolved":
        if unsolved < 2:
            yield f"case {event.case_id} given up after {unsolved} verdicts"
        return
    if passed is None:
        yield f"case {event.case_id} closed as {resolution} without a verification"
        return
    for reason in dependent(passed, histories, cast):
        yield f"case {event.case_id} verified by {passed.person}, who {reason}"


def dependent(
    passed: CaseEvent, histories: dict[int, list[CaseEvent]], cast: Cast
) -> Iterator[str]:
    """Why the verifier was not independent when he passed the case."""
    names = {unit: name for name, unit in cast.units.items()}
    logins = {person: login for login, person in cast.people.items()}
    own = PEOPLE[logins[passed.person]][1]
    for event in _before(passed, histories):
        if event.person == passed.person and event.seat != "verifier":
            yield f"acted: {event.kind}"
        owner = event.data.get("owner") or event.data.get("desk_unit")
        handled = event.kind in {"assigned", "transferred", "ruled", "return_declined"} and owner
        if handled and own in STAKES[names[owner]]:
            yield f"belongs to {own} beside {names[owner]}"
        for accused in event.data.get("accused", ()):
            lifted = any(
                later.kind == "accusation_lifted" and later.data["unit"] == accused
                for later in _before(passed, histories)
            )
            if own in STAKES[names[accused]] and not lifted:
                yield f"belongs to {own}, accused {names[accused]}"


def _before(passed: CaseEvent, histories: dict[int, list[CaseEvent]]) -> list[CaseEvent]:
    """What happened before in the case, its parent, its children and what it had absorbed."""
    family = {passed.case_id}
    for event in histories[passed.case_id]:
        if event.at > passed.at:
            break
        if event.kind == "received" and event.data.get("parent"):
            family.add(event.data["parent"])
        if event.kind == "split":
            family.update(event.data["children"])
        if event.kind == "absorbed":
            family.add(event.data["case"])
        if event.kind == "released":
            family.discard(event.data["case"])
    return [event for case in family for event in histories[case] if event.at < passed.at]


def unheard(row: Case) -> Iterator[int]:
    """Reporters who could be reached and did not say "solved" on the claim that was closed."""
    merged = Case.objects.filter(merged_into=row.pk).values_list("pk", flat=True)
    for report in Report.objects.filter(case__in=[row.pk, *merged], reachable=True):
        if (report.verdict, report.verdict_claim) != ("solved", row.claims):
            yield report.pk


# ---- The nightly command ----


def command() -> tuple[int, str, str]:
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("check_cases", stdout=out, stderr=err)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue(), err.getvalue()


def test_the_command_says_how_far_it_is_and_ends_well(
    lively: tuple[Cast, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "CASES", 2)
    code, out, err = command()
    assert (code, out) == (0, "4 cases checked, 0 faults\n")
    assert "2 of 4 cases" in err


def test_the_command_lists_what_is_wrong_and_fails(lively: tuple[Cast, int]) -> None:
    _, case = lively
    Case.objects.filter(pk=case).update(status="closed", resolution="fixed")
    code, out, _ = command()
    assert code == 1
    number = Case.objects.get(pk=case).number
    assert f"case {number} ({case}): row and history differ in status, resolution" in out


def test_any_number_of_cases_costs_the_same_queries_a_chunk(
    cast: Cast, now: datetime, django_assert_num_queries: Any
) -> None:
    from django.test.utils import CaptureQueriesContext

    cast.claimed(now)
    with CaptureQueriesContext(connection) as few:
        assert found() == []
    for _ in range(5):
        cast.claimed(now)
    with CaptureQueriesContext(connection) as many:
        assert found() == []
    assert len(many) == len(few)


@pytest.mark.django_db(transaction=True)
def test_a_system_that_goes_on_working_is_not_called_faulty(cast: Cast, now: datetime) -> None:
    stop, done = Event(), Counter[str]()

    def work() -> None:
        walk = Walk(cast, seed=7, start=now)
        while not stop.is_set():
            walk.step()
        done.update(walk.done)
        connection.close()

    worker = Thread(target=work)
    worker.start()
    try:
        while not Case.objects.exists():
            assert worker.is_alive()
        assert [found() for _ in range(15)] == [[]] * 15
    finally:
        stop.set()
        worker.join()
    assert sum(done.values()) > 10


# ---- Tampering ----


@pytest.fixture
def unguarded(lively: tuple[Cast, int]) -> tuple[Cast, int]:
    """Somebody with the database in his hands: the triggers that forbid rewriting are gone."""
    with connection.cursor() as cursor:
        for table in project.APPEND_ONLY_TABLES:
            for statement in triggers.remove(table, vendor=connection.vendor):
                cursor.execute(statement)
    return lively


def last(case: int) -> CaseEvent:
    return CaseEvent.objects.filter(case=case).order_by("seq").last()


def test_an_event_that_says_something_else_is_found(unguarded: tuple[Cast, int]) -> None:
    _, case = unguarded
    event = CaseEvent.objects.get(case=case, kind="verified")
    CaseEvent.objects.filter(pk=event.pk).update(data={**event.data, "seed": "mine"})
    assert any(f"event {event.seq} is not what was written" in fault for fault in found())


@pytest.mark.parametrize(
    ("field", "value"),
    [("person", 1), ("seat", "desk"), ("unit", 9), ("at", datetime(2026, 1, 1, tzinfo=UTC))],
)
def test_another_actor_or_time_of_an_event_is_found(
    unguarded: tuple[Cast, int], field: str, value: object
) -> None:
    _, case = unguarded
    event = CaseEvent.objects.get(case=case, kind="verified")
    CaseEvent.objects.filter(pk=event.pk).update(**{field: value})
    assert any(f"event {event.seq} is not what was written" in fault for fault in found())


def test_an_event_rewritten_with_its_canonical_bytes_does_not_fit_its_leaf(
    unguarded: tuple[Cast, int],
) -> None:
    _, case = unguarded
    event = CaseEvent.objects.get(case=case, kind="drawn")
    forged = re.sub(rb'"seed":"[0-9a-f]+"', b'"seed":"mine"', bytes(event.canonical))
    CaseEvent.objects.filter(pk=event.pk).update(
        data={**event.data, "seed": "mine"}, canonical=forged
    )
    faults = found()
    assert any(f"the log has another leaf for event {event.seq}" in fault for fault in faults)
    assert not any("canonical" in fault for fault in faults)


def test_a_leaf_that_was_exchanged_or_taken_away_is_found(unguarded: tuple[Cast, int]) -> None:
    _, case = unguarded
    event, other = CaseEvent.objects.filter(case=case).order_by("seq")[:2]
    forged = log.commit(groups={"case": {"seq": 1}})
    LogLeaf.objects.filter(pk=event.leaf).update(leaf=forged.leaf)
    LogLeaf.objects.filter(pk=other.leaf).delete()
    faults = found()
    assert any(f"the log has another leaf for event {event.seq}" in fault for fault in faults)
    assert any(f"no leaf {other.leaf} for event {other.seq}" in fault for fault in faults)


def test_history_cut_off_at_the_end_leaves_a_leaf_that_nothing_explains(
    unguarded: tuple[Cast, int],
) -> None:
    from luoshi.cases.rows import put_state
    from luoshi.rules import state as rules
    from luoshi.rules.evolve import fold

    _, case = unguarded
    gone = last(case)
    CaseEvent.objects.filter(pk=gone.pk).delete()
    rest = CaseEvent.objects.filter(case=case).order_by("seq")
    row = Case.objects.get(pk=case)
    row.seq -= 1
    put_state(row, fold((rules.Event(e.kind, e.data), e.at) for e in rest))
    row.save()
    Report.objects.filter(case=case).update(verdict=None, verdict_at=None, verdict_claim=0)
    assert found() == [f"log leaf {gone.leaf}: what it commits to is gone"]


def test_an_event_taken_out_of_the_middle_is_found(unguarded: tuple[Cast, int]) -> None:
    _, case = unguarded
    CaseEvent.objects.filter(case=case, kind="opened").delete()
    assert any("its events are numbered" in fault for fault in found())


@pytest.mark.parametrize(
    ("field", "value"),
    [("deadline", None), ("handlers", []), ("verifier", 1), ("level", 3), ("next_at", None),
     ("claims", 5), ("owner", 1), ("category", "estate.green"), ("not_solved", 0)],
)  # fmt: skip
def test_every_field_of_a_row_is_held_against_history(
    lively: tuple[Cast, int], field: str, value: object
) -> None:
    _, case = lively
    assert Case.objects.filter(pk=case).update(**{field: value}) == 1
    assert any(f"row and history differ in {field}" in fault for fault in found())


def test_units_that_see_a_case_without_having_handled_it_are_found(
    lively: tuple[Cast, int],
) -> None:
    cast, case = lively
    CaseUnit.objects.create(case_id=case, unit=cast.units["garden"])
    assert any("the units that may see it" in fault for fault in found())


def test_a_report_that_vanished_and_one_that_nobody_received_are_found(
    lively: tuple[Cast, int],
) -> None:
    _, case = lively
    report = Report.objects.get(case=case)
    old = report.pk
    report.pk, report.number = old + 1, "000000-000000"
    report.save(force_insert=True)
    faults = found()
    assert any(f"report {old + 1} came in without an event" in fault for fault in faults)
    assert any("keys that keep a retry" in fault for fault in faults)
    Picture.objects.filter(report=old).update(report=None)
    Report.objects.filter(pk=old).delete()
    faults = found()
    assert any(f"report {old} is gone" in fault for fault in faults)
    assert any("IdempotencyKey" in fault and "its report is gone" in fault for fault in faults)


def test_a_kinder_word_put_into_the_mouth_of_a_reporter_is_found(
    lively: tuple[Cast, int],
) -> None:
    _, case = lively
    report = Report.objects.get(case=case)
    assert report.verdict == "unsolved"
    Report.objects.filter(pk=report.pk).update(verdict="solved")
    assert any(f"report {report.pk} says solved" in fault for fault in found())


def test_lists_that_show_the_words_of_somebody_else_are_found(lively: tuple[Cast, int]) -> None:
    _, case = lively
    other = Report.objects.exclude(case=case).first()
    assert other
    Case.objects.filter(pk=case).update(told=other.text)
    assert any("the words of another report" in fault for fault in found())


def test_lists_that_show_another_door_are_found(lively: tuple[Cast, int]) -> None:
    Case.objects.filter(pk=lively[1]).update(door="mail")
    assert any("another door" in fault for fault in found())


def test_a_retry_key_that_vanished_is_found(lively: tuple[Cast, int]) -> None:
    _, case = lively
    IdempotencyKey.objects.filter(case_id=case).delete()
    assert found() == ["reports: 2 reports, but 1 keys that keep a retry from doubling one"]


def test_a_part_that_was_cut_from_its_whole_is_found(lively: tuple[Cast, int]) -> None:
    child = Case.objects.exclude(parent=None).first()
    Case.objects.filter(pk=child.pk).update(parent=None)
    faults = found()
    assert any("it was split into 2 parts, there are 1" in fault for fault in faults)
    assert any("row and history differ in parent" in fault for fault in faults)


def test_missing_and_damaged_files_are_found(lively: tuple[Cast, int]) -> None:
    _, case = lively
    one, other = Picture.objects.filter(case=case)[:2]
    files.path(one.copy).unlink()
    files.path(other.original).write_bytes(b"half a pict")
    try:
        assert [f"file {one.copy} of picture {one.pk}" in fault for fault in found()] == [True]
        read = [str(fault) for fault in check.faults(read_files=True)]
        assert any(f"file {other.original} of picture {other.pk}" in fault for fault in read)
        assert len(read) == 2
    finally:
        files.path(other.original).unlink()


def test_words_that_left_the_vault_without_an_erasure_are_found(
    lively: tuple[Cast, int],
) -> None:
    _, case = lively
    text = Report.objects.get(case=case).text
    VaultRecord.objects.filter(pk=text).delete()
    assert [fault for fault in found() if f"text {text} is gone from the vault" in fault]


def test_history_that_cannot_be_read_is_a_fault_and_no_crash(
    unguarded: tuple[Cast, int],
) -> None:
    _, case = unguarded
    event = CaseEvent.objects.get(case=case, kind="assigned")
    CaseEvent.objects.filter(pk=event.pk).update(data={"owner": "nobody"})
    assert any("its history cannot be read" in fault for fault in found())
