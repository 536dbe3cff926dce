"""Facts of a subject in the words of a page."""

from typing import Any

import pytest
from django.utils import translation

from luoshi.expectations.queries import KindInfo
from luoshi.web.fields.facts import facts

SORT = {"code": "sort", "name": "类型", "name_en": "Sort", "type": "choice", "private": True,
        "choices": [{"code": "letter", "name": "公开信", "name_en": "Open letter"}]}  # fmt: skip
DAY = {"code": "day", "name": "日期", "name_en": "Day", "type": "date"}
NOTICE = {"code": "as", "name": "公告编号", "name_en": "Published as", "type": "notice"}
KIND = KindInfo(
    code="notice", name="公告", field="information", part_of="", public=True,
    facts=(SORT, DAY, NOTICE),
)  # fmt: skip


def shown(known: dict[str, Any], **given: Any) -> dict[str, str]:
    with translation.override("en"):
        return {name: str(value) for name, value in facts(KIND, known, **given)}


def test_choices_have_their_names_and_days_are_written_out() -> None:
    assert shown({"sort": "letter", "day": "2020-06-24"}) == {
        "Sort": "Open letter", "Day": "24 June 2020",
    }  # fmt: skip


def test_a_notice_is_linked_under_its_number() -> None:
    assert shown({"as": "2026-001"}) == {"Published as": '<a href="/n/2026-001/">2026-001</a>'}


@pytest.mark.parametrize(
    ("known", "told"),
    [({"as": "第三号 <b>"}, "第三号 <b>"), ({"day": "last June"}, "last June")],
)
def test_what_cannot_be_read_stands_as_it_was_written(known: dict[str, Any], told: str) -> None:
    assert list(shown(known).values()) == [told]


def test_the_public_sees_nothing_that_the_kind_keeps_private() -> None:
    assert shown({"sort": "letter", "day": "2020-06-24"}, public=True) == {"Day": "24 June 2020"}
