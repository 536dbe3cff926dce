"""A draw can be made again by whoever is shown its event, and one that was not made is found."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest
from django.conf import settings as project
from django.db import connection
from pytest_django.fixtures import Settings

from luoshi.cases import check
from luoshi.cases.models import Case, CaseEvent
from luoshi.cases.store import groups_of
from luoshi.infra import triggers
from luoshi.trust import log
from luoshi.trust.models import LogLeaf
from tests.cast import Cast


@pytest.fixture
def drawn(cast: Cast, now: datetime, settings: Settings) -> CaseEvent:
    settings.RAISED_PERCENT = 30
    case, _ = cast.claimed(now)
    return CaseEvent.objects.get(case=case, kind="drawn")


@pytest.fixture
def sampled(cast: Cast, now: datetime, settings: Settings) -> CaseEvent:
    settings.SAMPLE_PERCENT = 100
    case = cast.report(now).case
    cast.do("desk1", case, "classify", now, category="enquiry.policy")
    cast.do("desk1", case, "answer", now, answer="x", text="已答复")
    return CaseEvent.objects.get(case=case, kind="sample_drawn")


def leaf_of(event: CaseEvent) -> bytes:
    return log.leaves([event.leaf])[event.leaf]


@pytest.mark.parametrize("which", ["drawn", "sampled"])
def test_an_outsider_who_is_shown_what_happened_and_the_leaf_draws_the_same(
    which: str, request: pytest.FixtureRequest
) -> None:
    event: CaseEvent = request.getfixturevalue(which)
    shown = log.disclose(groups=groups_of(event), nonce=bytes(event.nonce), group="what")
    assert log.is_in(shown, leaf=leaf_of(event))
    told = json.loads(shown.canonical)["data"]
    tickets = {sha256(f"{told['seed']}:{one}".encode()).digest(): one for one in told["pool"]}
    assert len(tickets) == {"drawn": 3, "sampled": 1}[which]
    assert tickets[min(tickets)] == told["person"]
    assert told["percent"] == {"drawn": 30, "sampled": 100}[which]
    assert all(type(one) is int for one in told["pool"])  # numbers, no names


@pytest.mark.parametrize(
    "other", [{"person": 1}, {"seed": "mine"}, {"pool": [1]}, {"percent": 99}, {"raised": None}]
)
def test_the_leaf_commits_to_each_part_of_a_draw(drawn: CaseEvent, other: dict[str, Any]) -> None:
    nonce = bytes(drawn.nonce)
    assert log.commit(groups=groups_of(drawn), nonce=nonce).leaf == leaf_of(drawn)
    drawn.data |= other
    assert log.commit(groups=groups_of(drawn), nonce=nonce).leaf != leaf_of(drawn)


# ---- Forged with everything that belongs to it ----


def forge(event: CaseEvent, **other: Any) -> list[str]:
    """As if the draw had never been made: event, bytes, nonce and leaf all fit each other."""
    with connection.cursor() as cursor:
        for table in project.APPEND_ONLY_TABLES:
            for statement in triggers.remove(table, vendor=connection.vendor):
                cursor.execute(statement)
    event.data |= other
    leaf = log.commit(groups=groups_of(event))
    event.canonical, event.nonce = leaf.canonical, leaf.nonce
    event.save()
    LogLeaf.objects.filter(pk=event.leaf).update(leaf=leaf.leaf)
    return [str(fault) for fault in check.faults()]


def test_a_draw_as_it_was_made_is_no_fault(drawn: CaseEvent, sampled: CaseEvent) -> None:
    assert [str(fault) for fault in check.faults()] == []


def test_somebody_who_was_chosen_and_not_drawn_is_found(drawn: CaseEvent) -> None:
    chosen = next(one for one in drawn.data["pool"] if one != drawn.data["person"])
    Case.objects.filter(pk=drawn.case_id).update(verifier=chosen)
    [fault] = forge(drawn, person=chosen)
    assert "names somebody whom its seed does not draw from its pool" in fault


def test_a_visit_that_the_share_asked_for_and_that_was_left_out_is_found(
    drawn: CaseEvent,
) -> None:
    wrong = not drawn.data["raised"]
    Case.objects.filter(pk=drawn.case_id).update(raised=wrong)
    [fault] = forge(drawn, raised=wrong)
    assert "says otherwise than its seed on whom the share fell" in fault


def test_a_draw_that_does_not_say_how_it_was_made_is_found(drawn: CaseEvent) -> None:
    del drawn.data["seed"]
    [fault] = forge(drawn)
    assert "does not say how it was drawn" in fault


def test_a_sample_that_chance_did_not_ask_for_is_found(sampled: CaseEvent) -> None:
    [fault] = forge(sampled, percent=0)
    assert "says otherwise than its seed on whom the share fell" in fault
