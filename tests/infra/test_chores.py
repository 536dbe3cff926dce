"""What is done once a night, a piece at a time."""

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from pytest_django import Settings

from luoshi.infra import chores, sessions, worker
from luoshi.infra.chores import Piece
from luoshi.infra.models import Chore

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
asked: list[int] = []
faults: dict[int, tuple[str, ...]] = {}


def three_pieces(cursor: int, *, now: datetime) -> Piece:
    asked.append(cursor)
    return Piece(cursor + 10 if cursor < 20 else None, faults.get(cursor, ()))


def broken(cursor: int, *, now: datetime) -> Piece:
    raise ValueError("the disk is full")


@pytest.fixture(autouse=True)
def _chores(settings: Settings, db: None, now: datetime) -> None:
    """Known since the day before, so that they are due."""
    settings.CHORES = {"three": f"{__name__}.three_pieces"}
    settings.WORKER_STEPS = ["luoshi.infra.chores.step"]
    settings.DELIVERY_HANDLERS = {}
    asked.clear()
    faults.clear()
    chores.step(now=now - DAY)


def test_a_new_chore_waits_for_its_first_night(now: datetime, settings: Settings) -> None:
    settings.CHORES = {"other": f"{__name__}.three_pieces"}
    assert chores.step(now=now) == 0
    assert chores.step(now=now + DAY) == 1


def test_a_chore_is_done_piece_by_piece_and_then_rests_until_the_night(now: datetime) -> None:
    worker.run_once(clock=lambda: now)
    assert asked == [0, 10, 20]
    worker.run_once(clock=lambda: now + HOUR)
    assert asked == [0, 10, 20]
    worker.run_once(clock=lambda: now + DAY)
    assert asked == [0, 10, 20] * 2


def test_one_round_does_one_piece_so_that_other_work_goes_on(now: datetime) -> None:
    assert chores.step(now=now) == 1
    assert asked == [0]


def test_after_a_kill_the_next_worker_goes_on_where_it_was(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    chores.step(now=now)
    with monkeypatch.context() as killed:
        killed.setattr(chores, "_write", lambda row, changes: None)  # before it could note it
        chores.step(now=now)
    worker.run_once(clock=lambda: now)
    assert asked == [0, 10, 10, 20]


def test_the_run_of_the_night_is_at_two_oclock_there(now: datetime) -> None:
    worker.run_once(clock=lambda: now)
    due = Chore.objects.get().next_at
    assert (due.astimezone(chores.timezone.get_default_timezone()).hour, due > now) == (2, True)
    assert due - now <= DAY


def test_faults_are_counted_until_a_run_finds_none(now: datetime) -> None:
    faults.update({0: ("case 1",), 20: ("case 2", "case 3")})
    worker.run_once(clock=lambda: now)
    assert chores.standing(now=now).faults == 3
    assert Chore.objects.get().found == "case 1\ncase 2\ncase 3"
    faults.clear()
    worker.run_once(clock=lambda: now + DAY)
    assert chores.standing(now=now + DAY).good


def test_an_error_is_kept_and_tried_again_in_an_hour_only(
    now: datetime, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CHORES = {"check.x": f"{__name__}.broken"}
    chores.step(now=now - DAY)
    worker.run_once(clock=lambda: now)
    assert chores.step(now=now + HOUR / 2) == 0
    assert caplog.text.count("broke off") == 1
    assert chores.standing(now=now, prefix="check.").broken == ("check.x",)
    assert Chore.objects.get(name="check.x").error == "ValueError: the disk is full"
    assert chores.step(now=now + HOUR) == 1
    assert chores.standing(now=now, prefix="purge.").good


def test_a_chore_that_did_not_end_for_two_days_is_late(now: datetime) -> None:
    worker.run_once(clock=lambda: now)
    assert chores.standing(now=now + DAY).good
    assert chores.standing(now=now + 3 * DAY).late == ("three",)


def test_only_sessions_that_have_run_out_are_deleted(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ROWS", 2)
    for n in range(5):
        Session.objects.create(session_key=f"old{n}", expire_date=now - HOUR)
    Session.objects.create(session_key="new", expire_date=now + HOUR)
    cursor: int | None = 0
    while cursor is not None:
        cursor = sessions.purge(cursor, now=now).cursor
    assert [row.session_key for row in Session.objects.all()] == ["new"]
