"""Many reports at once are written as each would be alone, field by field."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models

from luoshi.cases import actions, bulk, catalogue, check, intake
from luoshi.cases.actions import NewReport
from luoshi.cases.models import CaseEvent, CaseUnit, IdempotencyKey, Report, SearchEntry
from luoshi.cases.store import groups_of
from luoshi.infra.models import Delivery
from luoshi.trust import codes, log, vault
from luoshi.trust.models import LogLeaf, VaultRecord
from tests.cast import Cast, photo

MINE = ("id", "number", "case_id", "leaf", "nonce", "canonical", "phone_tag", "text", "contact",
        "key", "report")  # fmt: skip
"""Columns that differ from one writing to the next: ids, numbers and what is random."""


def reports(cast: Cast, door: str = "sheet") -> list[NewReport]:
    common: dict[str, Any] = {"district": cast.district, "door": door}
    place = {"subject": cast.estate, "area": cast.community_area}
    return [
        NewReport(**common, external_id="1", text="绿地被种菜", phone="13800138000", name="王"),
        NewReport(
            **common, external_id="2", text="车位\x00被占", category="estate.parking", **place
        ),
        NewReport(**common, external_id="3", text="no words", email="a@b.example", language="en"),
        NewReport(
            **common, external_id="4", text="井盖缺失", category="danger.manhole", minor=True
        ),
        NewReport(
            **common, external_id="5", text="危险", danger=True, place_open=True, lat=32.01239,
            lon=120.89, accused=(cast.units["garden"],), code=codes.new_code(),
        ),
        NewReport(**common, external_id="6", text="机密", phone="13800138001", confidential=True),
        NewReport(**common, external_id="7", text="有图", pictures=[photo(seed=1)]),
        NewReport(**common, external_id="8", text="无此类", category="nothing.known"),
    ]  # fmt: skip


def written(row: models.Model) -> dict[str, Any]:
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields
            if f.attname not in MINE}  # fmt: skip


def all_of(report: int) -> dict[str, Any]:
    """Everything that was written for a report, without what is never twice the same."""
    row = Report.objects.get(pk=report)
    events = list(CaseEvent.objects.filter(case=row.case_id).order_by("seq"))
    contact = vault.open_for_delivery(row.contact) if row.contact else None
    text = VaultRecord.objects.get(pk=row.text)
    delivered = Delivery.objects.filter(ref__endswith=f":report:{report}")
    return {
        "report": written(row) | {"door": ""},
        "case": written(row.case)
        | {"told": row.case.told == row.text, "door": row.case.door == row.door},
        "events": [
            written(event)
            | {"data": {k: v for k, v in event.data.items() if k not in {"report", "pictures"}}}
            for event in events
        ],
        "units": list(CaseUnit.objects.filter(case=row.case_id).values_list("unit", flat=True)),
        "contact": contact and (contact.phone, contact.name, contact.email),
        "text": (text.kind, text.plain),
        "tagged": row.phone_tag is not None,
        "deliveries": [(d.handler, d.due_at, d.attempts) for d in delivered],
        "leaves": LogLeaf.objects.filter(pk__in=[event.leaf for event in events]).count(),
        "found by": [
            [token for token in entry.words.split() if token[0] not in "§¶"]
            for entry in SearchEntry.objects.filter(case=row.case_id)
        ],
        "keys": IdempotencyKey.objects.filter(report=report, case_id=row.case_id).count(),
    }


def test_bulk_writes_what_one_by_one_writes(cast: Cast, now: datetime) -> None:
    alone = reports(cast, "web")
    single = [actions.receive(report=one, now=now, by=cast.actor("desk1")) for one in alone]
    many = bulk.receive_many(reports=reports(cast), now=now, by=cast.actor("desk1"))
    hidden = ("code_hash",)
    for one, other in zip(single, many, strict=True):
        left, right = all_of(one.report), all_of(other.report)
        for found in (left, right):
            found["report"] = {k: v for k, v in found["report"].items() if k not in hidden}
        assert left == right
        assert (other.repeated, other.joined) == (False, False)
    assert list(check.faults()) == []


def test_what_was_written_in_bulk_is_committed_to_in_the_log(cast: Cast, now: datetime) -> None:
    bulk.receive_many(reports=reports(cast), now=now)
    for event in CaseEvent.objects.all():
        leaf = bytes(LogLeaf.objects.get(pk=event.leaf).leaf)
        made = log.commit(groups=groups_of(event), nonce=bytes(event.nonce))
        assert (made.leaf, made.canonical) == (leaf, bytes(event.canonical))
    # The next leaf that is written alone takes a number of its own.
    actions.receive(report=reports(cast, "web")[0], now=now)
    assert LogLeaf.objects.count() == CaseEvent.objects.count()


def test_once_only_within_a_chunk_across_chunks_and_beside_others(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 3)
    given = reports(cast)
    first = actions.receive(report=given[0], now=now)
    found = bulk.receive_many(reports=[*given, given[2], given[1]], now=now)
    assert found[0] == intake.Received(first.report, first.case, first.number, repeated=True)
    assert [one.repeated for one in found] == [True, *[False] * 7, True, True]
    assert found[8].report == found[2].report
    again = bulk.receive_many(reports=given, now=now + timedelta(days=1))
    assert {one.repeated for one in again} == {True}
    assert Report.objects.count() == 8
    assert bulk.already(district=cast.district, door="sheet", external_ids=["1", "9"]) == {"1"}


def test_a_problem_that_came_back_reopens_its_case_in_bulk_too(cast: Cast, now: datetime) -> None:
    place = {"subject": cast.estate, "area": cast.community_area, "category": "estate.parking"}
    case = cast.report(now, **place).case
    cast.do("desk1", case, "classify", now, category="estate.parking")
    catalogue.put_answer(
        district=cast.district, code="told", kind="answer", title="t", title_en="t", text="t"
    )
    cast.do("desk1", case, "answer", now, answer="told", text="ok")
    common: dict[str, Any] = {"district": cast.district, "door": "sheet", "text": "又来了"}
    found = bulk.receive_many(
        reports=[
            NewReport(**common, external_id="1", **place),
            NewReport(**common, external_id="2"),
        ],
        now=now + timedelta(days=1),
    )
    assert [(one.case == case, one.joined) for one in found] == [(True, True), (False, False)]
    assert list(check.faults()) == []


def test_a_number_drawn_twice_is_drawn_again(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter(["a", "a", "b", "c", "a", "d"] + [f"n{n}" for n in range(50)])
    monkeypatch.setattr(intake, "number_of", lambda _now: next(numbers))
    actions.receive(report=reports(cast, "web")[0], now=now)
    found = bulk.receive_many(reports=reports(cast)[:3], now=now)
    assert len({"a", *(one.number for one in found)}) == 4


def test_a_chunk_that_somebody_overtook_is_taken_anew(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same ledger, imported by two workers at the same moment."""
    given = reports(cast)[:3]
    known, first = bulk._Chunk._known, list[int]()

    def overtaken(chunk: bulk._Chunk) -> Any:
        found = known(chunk)
        if not first:
            first.append(1)
            raise IntegrityError
        return found

    monkeypatch.setattr(bulk._Chunk, "_known", overtaken)
    assert len(bulk.receive_many(reports=given, now=now)) == 3
    assert Report.objects.count() == 3


def test_the_number_of_statements_does_not_grow_with_the_reports(
    cast: Cast, now: datetime, django_assert_max_num_queries: Any
) -> None:
    common: dict[str, Any] = {"district": cast.district, "door": "sheet", "text": "绿地"}
    many = [NewReport(**common, external_id=str(n), phone="13800138000") for n in range(300)]
    with django_assert_max_num_queries(30):
        bulk.receive_many(reports=many, now=now)
    assert Report.objects.count() == 300
