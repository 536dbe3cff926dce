"""Subjects and figures come in as they go out, and a change is shown before it is made."""

import io
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from luoshi.doors.sheets import queries, templates, writing
from luoshi.expectations import actions as expectations
from luoshi.expectations import queries as asked
from luoshi.expectations.models import Figure
from luoshi.registry import actions as registry
from luoshi.registry.models import Subject
from tests.cast import Cast
from tests.cast import build as build_cast
from tests.doors.sheeting import check, confirm, said, upload, whole, xlsx

FACTS: list[dict[str, Any]] = [
    {"code": "operator_name", "name": "经营者", "name_en": "Operator", "type": "text"},
    {"code": "stalls", "name": "摊位数", "name_en": "Stalls", "type": "number"},
    {
        "code": "sort", "name": "性质", "name_en": "Sort", "type": "choice", "required": True,
        "choices": [
            {"code": "public", "name": "国有", "name_en": "Public"},
            {"code": "private", "name": "民营", "name_en": "Private"},
        ],
    },
    {"code": "since", "name": "开业日期", "name_en": "Open since", "type": "date"},
    {"code": "uscc", "name": "统一社会信用代码", "name_en": "Credit code", "type": "uscc"},
]  # fmt: skip
HEAD = ["编码", "名称", "街道或社区", "摊位数", "性质", "开业日期"]


@pytest.fixture
def cast(db: None) -> Cast:
    made = build_cast()
    at = {"district": made.district, "field": "markets"}
    expectations.put_field(
        district=made.district, code="markets", name="农贸市场", name_en="Markets"
    )
    expectations.put_kind(**at, code="market", name="农贸市场", name_en="Market", facts=FACTS)
    expectations.put_kind(
        **at, code="stall", name="摊位", name_en="Stall", part_of="market", facts=[]
    )
    expectations.put_figure_kind(
        **at, kind="market", code="visitors", name="客流", name_en="Visitors", unit="person"
    )
    expectations.put_figure_kind(
        **at, kind="market", code="share", name="占比", name_en="Share", unit="%", decimals=2
    )
    return made


def subjects(cast: Cast, data: bytes, now: datetime, *, target: str = "market", **more: Any) -> Any:
    return upload(cast, data, now, kind="subjects", target=target, who="data1", **more)


def market(cast: Cast, code: str = "M1", **given: Any) -> int:
    values = {"name": "东市场", "facts": {"stalls": 20, "sort": "public"}, **given}
    return registry.create_subject(district=cast.district, kind="market", code=code, **values)


def test_new_subjects_come_in_with_their_facts(cast: Cast, now: datetime) -> None:
    row = ["M1", "东市场", "德民社区居委会", "1,020", "国有", "2019年5月1日"]
    of = confirm(cast, check(cast, subjects(cast, xlsx([HEAD, row]), now), now), now, who="data1")
    made = Subject.objects.get(kind="market")
    assert (of.marks, made.name, made.area_id) == ({"done": 1}, "东市场", cast.community_area)
    assert made.facts == {"stalls": 1020, "sort": "public", "since": "2019-05-01"}
    assert of.notes["numbers_as_text"] == 1


def test_a_known_code_is_a_change_shown_as_old_and_new(cast: Cast, now: datetime) -> None:
    id = market(cast)
    rows = [HEAD[:5], ["M1", "东市场", "", 25, "国有"]]
    of = check(cast, subjects(cast, xlsx(rows), now), now)
    assert of.marks == {"good": 1}
    assert queries.preview(of, cast.district, now=now)[0].changes == {"fact.stalls": ["20", "25"]}
    confirm(cast, of, now, who="data1")
    after = Subject.objects.get(pk=id)
    assert (after.facts, Subject.objects.filter(kind="market").count()) == (
        {"stalls": 25, "sort": "public"},
        1,
    )
    assert check(cast, subjects(cast, xlsx(rows), now), now).marks == {"same": 1}


def test_each_fault_of_a_subject_names_its_cell(cast: Cast, now: datetime) -> None:
    market(cast, "M8", name="双")
    market(cast, "M9", name="双")
    rows = [
        HEAD,
        ["M2", "西市场", "月球", "三十", "外资", "昨天"],
        ["M3", "", "", 3, "国有", ""],
        ["", "双", "", 3, "国有", ""],
        ["M4", "南市场", "", 3, "", ""],
    ]
    told = said(check(cast, subjects(cast, xlsx(rows), now), now))
    places = [line.split()[0].partition("!")[2] for line in told]
    assert places == ["C2", "D2", "E2", "F2", "B3", "B4", "E5"]
    assert "30" in told[1]
    assert "国有" in told[2]


def test_a_part_is_told_by_the_code_or_name_of_its_whole(cast: Cast, now: datetime) -> None:
    whole_one = market(cast)
    rows = [
        ["编码", "名称", "所属"],
        ["S1", "1号摊", "M1"],
        ["S2", "2号摊", "东市场"],
        ["S3", "3号摊", "?"],
    ]
    of = whole(cast, xlsx(rows), now, kind="subjects", target="stall", who="data1")
    assert of.marks == {"done": 2, "bad": 1}
    assert set(Subject.objects.filter(kind="stall").values_list("parent", flat=True)) == {whole_one}


def test_a_subject_that_is_closed_is_not_brought_back_by_a_sheet(cast: Cast, now: datetime) -> None:
    registry.close_subject(subject=market(cast))
    of = check(cast, subjects(cast, xlsx([HEAD[:2], ["M1", "东市场"]]), now), now)
    assert of.marks == {"bad": 1}


def returns(cast: Cast, rows: Any, now: datetime, **options: str) -> Any:
    given = {"period": "2026-Q1", "source": "市场监管所", "reported_on": "2026-05-01", **options}
    of = upload(cast, xlsx(rows), now, kind="returns", target="market", who="data1", **given)
    return check(cast, of, now)


def test_figures_come_in_wide_and_an_empty_cell_reports_nothing(cast: Cast, now: datetime) -> None:
    one, two = market(cast), market(cast, "M2", name="西市场")
    rows = [["对象", "客流", "占比"], ["M1", 1200, "78.33%"], ["西市场", None, 21.5]]
    of = confirm(cast, returns(cast, rows, now), now, who="data1")
    assert of.marks == {"done": 2}
    found = set(Figure.objects.values_list("subject", "kind__code", "value", "period", "source"))
    assert found == {
        (one, "visitors", Decimal(1200), "2026-Q1", "市场监管所"),
        (one, "share", Decimal("78.33"), "2026-Q1", "市场监管所"),
        (two, "share", Decimal("21.5"), "2026-Q1", "市场监管所"),
    }


def test_another_value_for_the_same_period_needs_a_reason(cast: Cast, now: datetime) -> None:
    market(cast)
    rows = [["对象", "客流"], ["M1", 1200]]
    confirm(cast, returns(cast, rows, now), now, who="data1")
    assert returns(cast, rows, now).marks == {"same": 1}
    rows[1][1] = 1300
    of = returns(cast, rows, now)
    assert of.marks == {"bad": 1}
    assert "1200" in said(of)[0]
    of = returns(cast, rows, now, reason="漏报一日")
    assert queries.preview(of, cast.district, now=now)[0].changes == {
        "figure.visitors": ["1200", "1300"]
    }
    confirm(cast, of, now, who="data1")
    assert [f.value for f in asked.figures_of(Subject.objects.get(code="M1").pk)] == [1300]


def test_faults_of_figures_name_their_cells(cast: Cast, now: datetime) -> None:
    market(cast)
    rows = [
        ["对象", "期间", "客流", "占比"],
        ["M1", "2026-13", "12%", "1.234"],
        ["M7", "2026-Q1", 1, 12],
        ["M1", "2026-Q1", None, None],
    ]
    told = said(returns(cast, rows, now))
    assert [line.split()[0].partition("!")[2] for line in told] == ["B2", "C2", "D2", "A3", "4"]


def test_a_share_that_its_cell_only_shows_in_per_cent_is_a_fault(cast: Cast, now: datetime) -> None:
    market(cast)
    of = returns(cast, [["对象", "占比"], ["M1", 0.7833]], now)
    assert of.marks == {"bad": 1}
    assert "78.33" in said(of)[0]
    assert returns(cast, [["对象", "占比"], ["M1", "0.78"]], now).marks == {"good": 1}


def test_a_text_that_means_a_monstrous_number_costs_nothing(cast: Cast, now: datetime) -> None:
    market(cast)
    of = returns(cast, [["对象", "客流"], ["M1", "1e2000000000"]], now)
    assert of.marks == {"bad": 1}


def test_another_place_of_the_same_name_is_a_change(cast: Cast, now: datetime) -> None:
    one, two = (market(cast, code, name="同名市场") for code in ("P1", "P2"))
    registry.create_subject(
        district=cast.district, kind="stall", name="一号摊", code="S1", parent=one
    )
    rows = [["编码", "所属"], ["S1", "P2"]]
    of = check(cast, subjects(cast, xlsx(rows), now, target="stall"), now)
    assert of.marks == {"good": 1}
    confirm(cast, of, now, who="data1")
    assert Subject.objects.get(code="S1").parent_id == two


def test_a_period_that_had_not_begun_when_it_was_reported_is_a_fault(
    cast: Cast, now: datetime
) -> None:
    market(cast)
    rows = [["对象", "期间", "客流"], ["M1", "2026-Q3", 7], ["M1", "2026-Q2", 7]]
    of = returns(cast, rows, now)
    assert of.marks == {"bad": 1, "good": 1}
    assert said(of)[0].split()[0].endswith("!B2")


def read(out: Any) -> list[list[list[Any]]]:
    book = openpyxl.load_workbook(out)
    return [[list(row) for row in page.iter_rows(values_only=True)] for page in book.worksheets]


def test_what_goes_out_changed_in_one_cell_comes_back_as_one_change(
    cast: Cast, now: datetime
) -> None:
    for n in range(1, 4):
        market(cast, f"M{n}", name=f"市场{n}", area=cast.community_area, lat=32.0, lon=120.9)
    sheets = templates.sheets("subjects", "market", district=cast.district, data=True, period="")
    rows = read(writing.book(sheets))[0]
    assert len(rows) == 4
    same = check(cast, subjects(cast, xlsx(rows), now), now)
    assert same.marks == {"same": 3}
    rows[2][rows[0].index("摊位数")] = 21
    of = check(cast, subjects(cast, xlsx(rows), now), now)
    assert of.marks == {"same": 2, "good": 1}


def test_a_template_of_figures_with_a_period_comes_back_unchanged(
    cast: Cast, now: datetime
) -> None:
    market(cast)
    confirm(cast, returns(cast, [["对象", "客流"], ["M1", 1200]], now), now, who="data1")
    sheets = templates.sheets(
        "returns", "market", district=cast.district, data=True, period="2026-Q1"
    )
    rows = read(writing.book(sheets))[0]
    assert rows[1] == ["M1", "2026-Q1", 1200, None]
    assert returns(cast, rows, now).marks == {"same": 1}


@pytest.mark.parametrize("kind", ["messages", "subjects", "returns"])
def test_every_template_is_read_again_with_all_its_columns(
    cast: Cast, now: datetime, kind: str
) -> None:
    target = "new" if kind == "messages" else "market"
    sheets = templates.sheets(kind, target, district=cast.district, data=False, period="")
    filled, notes = read(writing.book(sheets))
    assert len(notes) > len(filled[0])
    given = {"period": "2026-Q1", "source": "x", "reported_on": "2026-05-01"}
    of = upload(
        cast, xlsx([filled[0], ["x"] * len(filled[0])]), now, kind=kind, target=target, who="data1",
        **(given if kind == "returns" else {"ledger": "x"}),
    )  # fmt: skip
    assert all(of.mapping)
    assert len(set(of.mapping)) == len(filled[0])


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_no_text_goes_out_as_a_formula(evil: str) -> None:
    def rows() -> Iterator[list[Any]]:
        yield [evil, 5, Decimal("1.5"), "\x01a"]

    out = writing.book([("a/b", ["=head", "n", "d", "t"], rows())])
    book = openpyxl.load_workbook(io.BytesIO(out.read()))
    head, row = book.worksheets[0].iter_rows()
    assert (row[0].data_type, row[0].quotePrefix) == ("s", True)
    assert head[0].data_type == "s"
    assert [cell.value for cell in row[1:]] == [5, 1.5, "a"]
