"""Importing on pages: every step is a page that works without a script."""

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from luoshi.cases.models import Report
from luoshi.doors.sheets.models import Import
from luoshi.expectations import actions as expectations
from tests import cast as casting
from tests.cast import Cast
from tests.doors.sheeting import HEAD, messages, work, xlsx
from tests.pages.rooms import body, enter


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


def sent(client: Client, data: bytes, kind: str = "messages", **given: str) -> Any:
    fields = {"target": "new", "ledger": "12345", **given}
    return client.post(
        f"/sheets/new/{kind}/", {**fields, "file": SimpleUploadedFile("t.xlsx", data)}
    )


def test_from_the_file_to_the_reports(cast: Cast) -> None:
    desk, now = enter(cast, "desk1"), timezone.now()
    rows = messages(3)
    rows[1][4] = "123"
    url = sent(desk, xlsx([HEAD, *rows])).headers["Location"]
    waits = body(desk.get(url))
    assert 'hx-trigger="every 2s"' in waits
    assert "Look again" in waits
    work(now)
    page = body(desk.get(url))
    assert '<option value="phone" selected>' in page
    assert "every 2s" not in page
    mapping = {f"column{n}": code for n, code in enumerate(Import.objects.get().mapping)}
    assert desk.post(f"{url}map/", {**mapping, "ledger": "12345"}).status_code == 302
    work(now)
    page = body(desk.get(url))
    assert "Import 2 rows" in page
    assert "台账!E3" in page
    assert "示范新村" in page
    assert Report.objects.count() == 0
    desk.post(f"{url}confirm/")
    work(now)
    assert Report.objects.count() == 2
    done = desk.get(f"{url}bad.xlsx")
    book = openpyxl.load_workbook(BytesIO(b"".join(done.streaming_content)))  # type: ignore[attr-defined]
    assert [row[0].value for row in book.worksheets[0].iter_rows()] == ["编号", "T2"]
    assert "t.xlsx" in body(desk.get("/sheets/"))


def test_what_cannot_be_taken_is_told_on_the_form(cast: Cast) -> None:
    desk = enter(cast, "desk1")
    for data, words in ((b"", "is empty"), (b"PK nothing", "damaged"), (b"%PDF-1", "no table")):
        assert words in body(sent(desk, data), 400)
    assert "Name the ledger" in body(sent(desk, xlsx([HEAD]), ledger=""), 400)
    assert Import.objects.count() == 0


def test_a_mapping_that_cannot_be_is_told_and_kept(cast: Cast) -> None:
    desk = enter(cast, "desk1")
    url = sent(desk, xlsx([HEAD, *messages(1)])).headers["Location"]
    work(timezone.now())
    page = body(
        desk.post(f"{url}map/", {"column0": "phone", "column1": "phone", "ledger": "x"}), 400
    )
    assert "Two columns are read as" in page
    assert "No column is read as" in page
    assert page.count('<option value="phone" selected>') == 2
    assert desk.post(f"{url}confirm/").status_code == 302
    assert Import.objects.get().stage == "mapping"
    desk.post(f"{url}cancel/")
    assert "Cancelled" in body(desk.get(url))


def test_each_sees_and_does_what_is_his(cast: Cast) -> None:
    desk, data = enter(cast, "desk1"), enter(cast, "data1")
    url = sent(desk, xlsx([HEAD, *messages(1)])).headers["Location"]
    for address in (url, "/sheets/new/messages/", "/sheets/template/messages/?target=new"):
        assert data.get(address).status_code == 404
    assert data.post(f"{url}cancel/").status_code == 404
    assert desk.get("/sheets/new/subjects/").status_code == 404
    assert "t.xlsx" not in body(data.get("/sheets/"))
    assert desk.get("/sheets/template/messages/?target=new").status_code == 200


def test_lists_of_the_fields_go_out_as_they_stand(cast: Cast, now: datetime) -> None:
    at = {"district": cast.district, "field": "estates"}
    expectations.put_field(district=cast.district, code="estates", name="小区", name_en="Estates")
    expectations.put_kind(**at, code="estate", name="小区", name_en="Estate", facts=[])
    expectations.put_figure_kind(
        **at, kind="estate", code="homes", name="户数", name_en="Homes", unit="home"
    )
    expectations.report_figures(
        district=cast.district,
        subject=cast.estate,
        period="2026-Q1",
        values={"homes": Decimal(120)},
        source="=街道",
        reported_on=now.date(),
        now=now,
    )
    desk, found = enter(cast, "desk1", language="zh-hans"), {}
    for address in ("/fields/estates/estate/", "/fields/estates/", f"/subjects/{cast.estate}/"):
        got = desk.get(f"{address}?format=xlsx")
        book = openpyxl.load_workbook(BytesIO(b"".join(got.streaming_content)))  # type: ignore[attr-defined]
        found[address] = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    assert found["/fields/estates/estate/"][1][1:3] == ["示范新村", "德民社区居委会"]
    assert len(found["/fields/estates/"]) == 1
    assert found[f"/subjects/{cast.estate}/"][1][:5] == ["2026-Q1", "户数", 120, "home", "=街道"]
