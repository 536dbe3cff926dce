"""The ledger of a hotline comes in: seen first, confirmed, once."""

from datetime import datetime
from pathlib import Path

import pytest

from luoshi.cases import check as integrity
from luoshi.cases import queries as cases
from luoshi.cases.models import Case, Report
from luoshi.doors.sheets import actions, queries, working
from luoshi.doors.sheets.models import Import, Row
from luoshi.infra import files
from luoshi.trust import vault
from tests.cast import Cast
from tests.cast import build as build_cast
from tests.doors.sheeting import (
    HEAD,
    check,
    confirm,
    look,
    messages,
    said,
    upload,
    whole,
    work,
    xlsx,
)

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "messages.xlsx"


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def test_nothing_goes_in_before_it_is_confirmed(cast: Cast, now: datetime) -> None:
    of = check(cast, upload(cast, xlsx([HEAD, *messages(3)]), now), now)
    assert (of.stage, of.marks) == ("ready", {"good": 3})
    assert Report.objects.count() == 0
    first = queries.preview(of, cast.district, now=now)[0]
    assert first.number == 2
    assert first.shown["subject"] == str(cast.estate)
    of = confirm(cast, of, now)
    assert (of.stage, of.marks["done"], Report.objects.count()) == ("done", 3, 3)


def test_a_row_becomes_a_report_as_any_other_door_gives_it(cast: Cast, now: datetime) -> None:
    whole(cast, xlsx([HEAD, *messages(1)]), now)
    case, report = Case.objects.get(), Report.objects.get()
    assert (case.status, case.subject, case.place_open) == ("new", cast.estate, False)
    assert (report.door, report.reachable) == ("sheet", True)
    text = vault.read_text(report.text or 0) or ""
    assert text.splitlines() == ["绿地1", "示范新村1幢绿地被种菜", "(2026-05-01 09:30)"]
    contact = vault.open_for_delivery(report.contact or 0)
    assert (contact.phone, contact.name) == ("+8613800138000", "王1")
    assert list(integrity.faults()) == []


def test_the_same_file_again_brings_nothing_new(cast: Cast, now: datetime) -> None:
    data = xlsx([HEAD, *messages(2)])
    whole(cast, data, now)
    again = whole(cast, xlsx([HEAD, *messages(3)]), now)
    assert again.marks["known"] == 2
    assert Report.objects.count() == 3
    assert whole(cast, data, now).marks == {"known": 2}


def test_without_a_number_the_content_is_the_name(cast: Cast, now: datetime) -> None:
    rows = [row[1:] for row in messages(2)]
    of = whole(cast, xlsx([HEAD[1:], *rows, rows[0]]), now)
    assert (of.marks["done"], of.marks["double"]) == (2, 1)
    assert whole(cast, xlsx([HEAD[1:], *rows]), now).marks == {"known": 2}


def test_the_same_number_of_another_ledger_is_another_message(cast: Cast, now: datetime) -> None:
    whole(cast, xlsx([HEAD, *messages(1)]), now)
    assert whole(cast, xlsx([HEAD, *messages(1)]), now, ledger="board").marks["done"] == 1


def test_two_who_bring_the_same_file_at_once_bring_it_once(cast: Cast, now: datetime) -> None:
    data = xlsx([HEAD, *messages(4)])
    one = check(cast, upload(cast, data, now), now)
    two = check(cast, upload(cast, data, now, who="desk2"), now)
    assert one.marks == two.marks == {"good": 4}
    for of, who in ((one, "desk1"), (two, "desk2")):
        actions.confirm(id=of.id, person=cast.people[who], now=now)
    work(now)
    assert Report.objects.count() == 4
    assert look(cast, two.id).marks["known"] == 4


def test_an_old_ledger_is_closed_unverified_and_keeps_no_contact(cast: Cast, now: datetime) -> None:
    head, row = [*HEAD, "办理结果"], [*messages(1)[0], "已贴提醒单"]
    of = whole(cast, xlsx([head, row]), now, target="old")
    case = Case.objects.get()
    assert (of.marks["done"], case.status, case.resolution) == (1, "closed", "unverified")
    assert (case.origin, Report.objects.count()) == ("ledger", 0)
    assert "已贴提醒单" in (vault.read_text(case.summary or 0) or "")
    assert whole(cast, xlsx([head, row]), now, target="old").marks == {"known": 1}


def test_only_the_desk_enters_old_records(cast: Cast, now: datetime) -> None:
    of = check(cast, upload(cast, xlsx([HEAD, *messages(1)]), now, target="old"), now)
    done = confirm(cast, of, now, who="data1")
    assert (done.stage, done.error["code"], Case.objects.count()) == ("refused", "not_yours", 0)


def test_good_rows_go_in_and_each_fault_names_its_cell(cast: Cast, now: datetime) -> None:
    rows = messages(4)
    rows[1][4], rows[2][2], rows[3][3] = "123", None, "2099-01-01"
    of = whole(cast, xlsx([HEAD, *rows]), now)
    assert (of.marks["done"], of.marks["bad"]) == (1, 3)
    told = said(of)
    assert told[0].startswith("台账!E3 123")
    assert told[1].startswith("台账!C4")
    assert told[2].startswith("台账!D5 2099-01-01")


def test_mended_rows_come_in_and_the_others_do_not_come_twice(cast: Cast, now: datetime) -> None:
    rows = messages(3)
    rows[1][4] = "123"
    of = whole(cast, xlsx([HEAD, *rows]), now)
    [(number, cells, why)] = list(queries.bad_rows(of))
    assert (number, cells[0]) == (3, "T2")
    assert "E3" in why
    cells[4] = "13800138001"
    mended = whole(cast, xlsx([[*HEAD, "原因"], [*cells, why], rows[0]]), now)
    assert (mended.marks["done"], mended.marks["known"]) == (1, 1)
    assert Report.objects.count() == 3


def test_a_worker_that_was_killed_goes_on_where_it_was(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("luoshi.doors.sheets.importing.ROWS", 4)
    of = check(cast, upload(cast, xlsx([HEAD, *messages(10)]), now), now)
    actions.confirm(id=of.id, person=cast.people["desk1"], now=now)
    working.step(now)
    assert Report.objects.count() == 4

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as while_it_dies:
        # After the reports of the second piece, before it is marked as done.
        while_it_dies.setattr("luoshi.doors.sheets.importing._count", killed)
        with pytest.raises(KeyboardInterrupt):
            working.step(now)
    assert Report.objects.count() == 4
    work(now)
    assert (look(cast, of.id).stage, Report.objects.count()) == ("done", 10)


def test_what_breaks_off_is_tried_again_told_and_can_be_stopped(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = check(cast, upload(cast, xlsx([HEAD, *messages(1)]), now), now)
    with monkeypatch.context() as broken:
        broken.setattr("luoshi.doors.sheets.importing._count", lambda *_: 1 / 0)
        actions.confirm(id=of.id, person=cast.people["desk1"], now=now)
        assert work(now) == working.TRIES
    assert look(cast, of.id).stuck
    actions.again(id=of.id)
    work(now)
    assert (look(cast, of.id).stage, Report.objects.count()) == ("done", 1)


def test_cancelled_halfway_what_is_in_stays(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("luoshi.doors.sheets.importing.ROWS", 2)
    of = check(cast, upload(cast, xlsx([HEAD, *messages(5)]), now), now)
    actions.confirm(id=of.id, person=cast.people["desk1"], now=now)
    working.step(now)
    actions.cancel(id=of.id, now=now)
    assert work(now) == 0
    assert (look(cast, of.id).stage, Report.objects.count()) == ("cancelled", 2)


def test_neither_rows_nor_file_show_who_wrote(cast: Cast, now: datetime) -> None:
    of = upload(cast, xlsx([HEAD, *messages(1)]), now)
    row = Import.objects.get(pk=of.id)
    kept = [bytes(cells) for cells in Row.objects.values_list("cells", flat=True)]
    kept.append(files.path(row.file).read_bytes())
    assert not any("王1".encode() in data or b"13800138000" in data for data in kept)
    done = confirm(cast, check(cast, of, now), now)
    assert done.stage == "done"
    assert not files.path(row.file).exists()
    assert not Row.objects.filter(mark="done").exclude(cells=None).exists()


def test_rows_with_faults_are_gone_after_a_while(
    cast: Cast, now: datetime, settings: object
) -> None:
    from datetime import timedelta

    rows = messages(1)
    rows[0][4] = "123"
    of = check(cast, upload(cast, xlsx([HEAD, *rows]), now), now)
    working.purge(0, now=now + timedelta(days=29))
    assert look(cast, of.id).stage == "ready"
    working.purge(0, now=now + timedelta(days=31))
    assert (look(cast, of.id).stage, Row.objects.count()) == ("cancelled", 0)


def test_the_columns_are_remembered_for_the_next_file(cast: Cast, now: datetime) -> None:
    strange = ["A", "B"]
    of = upload(cast, xlsx([strange, ["x", "绿地被种菜"]]), now)
    assert of.mapping == ("", "")
    actions.map_columns(id=of.id, mapping=["number", "text"], options={"ledger": "board"})
    work(now)
    later = upload(cast, xlsx([strange, ["y", "车位被占"]]), now)
    assert later.mapping == ("number", "text")


def test_a_category_is_taken_by_name_and_an_unknown_one_left_to_the_desk(
    cast: Cast, now: datetime
) -> None:
    rows = [["内容", "分类"], ["甲", "estate.parking"], ["乙", "城乡建设"]]
    of = check(cast, upload(cast, xlsx(rows), now), now)
    assert of.notes["category_unknown"] == 1
    confirm(cast, of, now)
    assert sorted(Case.objects.values_list("category", flat=True)) == ["", "estate.parking"]
    assert cases.desk_waiting(cast.district, cast.people["desk1"])["triage"] == 2


@pytest.mark.skipif(not SHARED.exists(), reason="the real messages are not here")
def test_real_messages_come_in_without_a_fault(cast: Cast, now: datetime) -> None:
    of = upload(cast, SHARED.read_bytes(), now)
    assert set(of.mapping) == {"number", "name", "title", "happened_at", "text", "category"}
    of = confirm(cast, check(cast, of, now), now)
    # One number stands twice in it.
    assert of.marks == {"done": 329, "double": 1}
    assert Report.objects.count() == 329
