from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from luoshi.expectations import actions
from luoshi.registry import actions as registry
from tests import cast
from tests.cast import Cast

NOW = datetime(2026, 5, 20, 1, 30, tzinfo=UTC)  # a Wednesday, 9:30 in Shanghai
TODAY = date(2026, 5, 20)


@dataclass
class Field:
    """A field of playgrounds, written without a pack: an item, a record, a date, a figure."""

    cast: Cast
    playground: int
    other: int

    @property
    def district(self) -> int:
        return self.cast.district

    def look(self, result: str = "unmet", *, now: datetime = NOW, **given: Any) -> Any:
        said = {"text": "铺面破损"} if result == "unmet" else {}
        said.update(given.pop("said", {}))
        values = {"key": f"{now.isoformat()}-{result}", "subject": self.playground, **given}
        return actions.record_check(
            district=self.district,
            answers=[actions.Said(expectation="play.surface", result=result, **said)],
            person=self.cast.people["inspector1"],
            now=now,
            **values,
        )


def expectation(district: int, code: str, method: str, spec: dict[str, Any], **more: Any) -> bool:
    values = {
        "field": "play",
        "version": 1,
        "kind": "playground",
        "title": code,
        "title_en": code,
        "source": "guide",
        "category": "estate.environment",
        "tier": "papers",
        "days": 3,
        "valid_from": date(2026, 1, 1),
        "now": NOW,
        **more,
    }
    return actions.put_expectation(district=district, code=code, method=method, spec=spec, **values)


@pytest.fixture
def play(db: None) -> Field:
    there = cast.build()
    at = {"district": there.district, "field": "play"}
    actions.put_field(district=there.district, code="play", name="游乐场", name_en="Playgrounds")
    actions.put_source(**at, code="guide", kind="guide", title="指南", title_en="Guide")
    actions.put_kind(**at, code="playground", name="游乐场", name_en="Playground", facts=[])
    actions.put_figure_kind(
        **at, kind="playground", code="swings", name="秋千", name_en="Swings", unit="swing"
    )
    actions.put_figure_kind(
        **at, kind="playground", code="checked", name="已检", name_en="Checked", unit="swing"
    )
    actions.put_record_kind(
        **at, kind="playground", code="round", name="巡查", name_en="Round",
        fields=[{"code": "by", "name": "谁", "name_en": "who", "required": True}],
    )  # fmt: skip
    yesno = {"type": "yesno", "question": "完好？", "question_en": "Sound?", "text": "unmet"}
    expectation(there.district, "play.surface", "item", yesno, every=7)
    share = {"value": "checked / swings * 100.0", "unit": "%", "op": ">=", "limit": "80.0"}
    expectation(there.district, "play.checked", "figure", share)
    expectation(
        there.district,
        "play.round",
        "record",
        {"record": "round", "within": 7},
        category="estate.green",
    )
    expectation(
        there.district,
        "play.plan",
        "date",
        {"due": "2026-05-10", "proof": "text"},
        category="estate.clutter",
    )
    made = [
        registry.create_subject(
            district=there.district, kind="playground", name=name, area=there.community_area
        )
        for name in ("东园", "西园")
    ]
    registry.create_duty(
        district=there.district, unit=there.units["garden"], valid_from=date(2026, 1, 1),
        category="estate",
    )  # fmt: skip
    return Field(there, *made)


@pytest.fixture
def later() -> Callable[[float], datetime]:
    return lambda days: NOW + timedelta(days=days)
