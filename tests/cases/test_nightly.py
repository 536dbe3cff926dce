"""The check of all cases that the worker makes every night."""

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from luoshi.cases import check
from luoshi.cases.models import Case, IdempotencyKey
from luoshi.infra import chores, worker
from luoshi.infra.models import Chore
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _only_the_chores(settings: Settings, db: None, now: datetime) -> None:
    settings.WORKER_STEPS = ["luoshi.infra.chores.step"]
    settings.REPORTER_HANDLERS = {}
    chores.step(now=now - timedelta(days=1))  # known since yesterday, so it is due


def test_a_night_goes_through_every_case_and_leaf_some_at_a_time(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "CASES", 2)
    monkeypatch.setattr(check, "LEAVES", 3)
    looked_at: list[int] = []
    real = check.load
    monkeypatch.setattr(
        check, "load", lambda ids, **more: looked_at.extend(ids) or real(ids, **more)
    )
    for _ in range(5):
        cast.report(now)
    worker.run_once(clock=lambda: now)
    assert looked_at == sorted(Case.objects.values_list("pk", flat=True))
    done = Chore.objects.filter(name__startswith="check.", finished_at=now)
    assert set(done.values_list("name", flat=True)) == {
        "check.cases", "check.strays", "check.leaves", "check.erased", "check.notices",
        "check.search",
    }  # fmt: skip
    assert chores.standing(now=now).good


def test_a_case_that_was_changed_behind_the_system_is_found_at_night(
    cast: Cast, now: datetime
) -> None:
    cast.report(now)
    changed = cast.report(now).case
    Case.objects.filter(pk=changed).update(reports=7)
    worker.run_once(clock=lambda: now)
    assert chores.standing(now=now, prefix="check.").faults == 1
    assert f"({changed})" in Chore.objects.get(name="check.cases").found


def test_rows_that_belong_to_nothing_are_found_at_night(cast: Cast, now: datetime) -> None:
    cast.report(now)
    IdempotencyKey.objects.all().delete()
    worker.run_once(clock=lambda: now)
    assert Chore.objects.get(name="check.strays").faults == 1
