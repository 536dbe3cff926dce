"""A bulletin says no number that nobody answers for, and keeps what is behind each of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from luoshi.cases import figures
from luoshi.publication import actions, tokens
from luoshi.publication.content import Content, examine
from luoshi.publication.tables import Given
from luoshi.rules.figures import Figures, Rate, Spread
from tests.publication.office import Office

DAY = timedelta(days=1)
MONTH = "period=2026-05"


def bulletin(body: str, **given: Any) -> Content:
    return Content(title="办理情况简报", body=body, **given)


def places(office: Office, content: Content, now: datetime) -> list[tuple[str, int, int]]:
    found = examine(content, kind="bulletin", district=office.cast.district, now=now)
    return [(p.field, p.line, p.column) for p in found.problems]


def asked(office: Office, raw: str, now: datetime) -> Mapping[str, Any]:
    return tokens.ask(tokens.uses(raw)[0][0], district=office.cast.district, now=now)


def test_a_typed_number_is_refused_with_its_place_and_the_remedy(
    office: Office, now: datetime
) -> None:
    made = office.draft(now, bulletin("# 一、概况\n办结34件，涉及三十四户。"), kind="bulletin")
    with pytest.raises(actions.Refused) as error, translation.override("en"):
        office.publish(made, now)
    found = error.value.problems
    assert [(p.field, p.line, p.column) for p in found] == [("body", 2, 3), ("body", 2, 9)]
    assert "[34](source: …)" in str(found[0].what)


def test_numbers_of_titles_english_and_tables_are_asked_for_too(
    office: Office, now: datetime
) -> None:
    content = Content(
        title="办结34件",
        title_en="34 closed",
        body="文",
        body_en="thirty closed",
        tables=(Given(text="a\tb\nx\t2"),),
    )
    assert places(office, content, now) == [
        ("title", 1, 3), ("title_en", 1, 1), ("body_en", 1, 1), ("table:1", 0, 0),
    ]  # fmt: skip


def test_a_number_with_its_source_is_published(office: Office, now: datetime) -> None:
    table = Given(text="a\tb\nx\t2", source="台账")
    content = bulletin("共[34](source: 台账)件，2026年5月。", tables=(table,))
    made = office.published(now, content, kind="bulletin")
    assert office.shown(made).version.version == 1


def test_figures_are_frozen_with_their_rows(office: Office, now: datetime) -> None:
    office.cast.handling(now)
    content = bulletin(f"受理{{{{cases.received {MONTH}}}}}件")
    made = office.published(now + DAY, content, kind="bulletin")
    for _ in range(3):
        office.cast.report(now)
    kept = office.shown(made).frozen["figures"][f"cases.received {MONTH}"]
    assert kept["value"] == kept["n"] == 1
    assert kept["zh-hans"]["rows"][0] == ["登记", "1"]
    assert kept["en"]["definition"] != kept["zh-hans"]["definition"]
    assert kept["at"] == (now + DAY).isoformat()
    assert asked(office, f"{{{{cases.received {MONTH}}}}}", now + DAY)["value"] == 4


def test_the_figures_of_a_scheduled_bulletin_are_those_of_its_time(
    office: Office, now: datetime
) -> None:
    content = bulletin(f"受理{{{{cases.received {MONTH}}}}}件")
    made = office.draft(now, content, kind="bulletin")
    office.schedule(made, now + DAY, now)
    office.cast.report(now + DAY / 2)
    actions.run_clock(now=now + DAY)
    assert office.shown(made).frozen["figures"][f"cases.received {MONTH}"]["value"] == 1


def test_a_correction_counts_anew_and_leaves_the_old_figures(office: Office, now: datetime) -> None:
    content = bulletin(f"受理{{{{cases.received {MONTH}}}}}件")
    made = office.published(now, content, kind="bulletin")
    office.cast.report(now)
    office.correct(made, now + DAY, body=content.body + "。", reason="补标点")
    key = f"cases.received {MONTH}"
    assert office.shown(made, 1).frozen["figures"][key]["value"] == 0
    assert office.shown(made).frozen["figures"][key]["value"] == 1


@pytest.mark.parametrize(
    "raw",
    [f"{{{{cases.received {MONTH}}}}}", f"{{{{cases.by_category {MONTH}}}}}",
     f"{{{{cases.by_area {MONTH}}}}}"],
)  # fmt: skip
def test_confidential_cases_are_in_no_figure(office: Office, now: datetime, raw: str) -> None:
    office.cast.report(now, confidential=True, accused=(office.cast.units["garden"],))
    assert asked(office, raw, now + DAY)["value"] == 0
    office.cast.report(now)
    assert asked(office, raw, now + DAY)["value"] == 1


@pytest.mark.parametrize(("of", "shown"), [(29, "20 of 29"), (30, "67%")])
def test_no_rate_is_shown_below_thirty(
    office: Office, now: datetime, monkeypatch: pytest.MonkeyPatch, of: int, shown: str
) -> None:
    rate = Rate(20, of)
    values: dict[str, Any] = dict.fromkeys(Figures.__dataclass_fields__, rate)
    made = Figures(**{**values, "cases": of, "to_fix": Spread(of, DAY, DAY)})
    monkeypatch.setattr("luoshi.publication.figures.district_figures", lambda *a, **k: made)
    kept = asked(office, f"{{{{cases.on_time {MONTH}}}}}", now)
    assert kept["en"]["shown"] == shown
    assert ("%" in str(kept["en"])) == (of >= 30) or of < 30
    if of < 30:
        with pytest.raises(tokens.CannotTell):
            asked(office, f"{{{{cases.days_to_fix {MONTH}}}}}", now)


def test_a_rate_over_nothing_cannot_be_told(office: Office, now: datetime) -> None:
    with pytest.raises(tokens.CannotTell):
        asked(office, f"{{{{cases.solved {MONTH}}}}}", now)


def test_categories_and_places_are_counted_by_their_names(office: Office, now: datetime) -> None:
    office.cast.handling(now)
    code = asked(office, f"{{{{cases.by_category {MONTH} category=estate.parking}}}}", now + DAY)
    place = asked(office, f"{{{{cases.by_area {MONTH} area=城东街道}}}}", now + DAY)
    assert (code["value"], place["value"]) == (1, 0)
    assert code["n"] == 1
    with pytest.raises(tokens.CannotTell):
        asked(office, f"{{{{cases.by_area {MONTH} area=火星}}}}", now + DAY)


def test_posts_of_another_notice_are_counted_from_its_table(office: Office, now: datetime) -> None:
    table = Given(text="岗位\t人数\n护士\t12\n医师\t22", counted="人数")
    office.published(now, Content(title="公告", body="x", tables=(table,)))
    kept = asked(office, "{{notice.posts number=2026-001}}", now)
    assert kept["value"] == 34
    assert kept["zh-hans"]["rows"] == [["护士", "12"], ["医师", "22"]]
    for wrong in ("{{notice.posts number=2026-999}}", "{{notice.posts}}"):
        with pytest.raises(tokens.CannotTell):
            asked(office, wrong, now)


def test_notices_are_counted_once_whatever_became_of_them(office: Office, now: datetime) -> None:
    made = office.published(now)
    office.correct(made, now, body="另", reason="改")
    actions.withdraw(publication=made, reason="错", **office.common(now))
    office.published(now, bulletin("文"), kind="bulletin")
    office.draft(now)
    assert asked(office, f"{{{{notices.published {MONTH}}}}}", now)["value"] == 1


def test_the_figures_of_one_month_are_reckoned_once(
    office: Office, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def counted(*args: Any, **given: Any) -> Figures:
        calls.append(args)
        return figures.district_figures(*args, **given)

    monkeypatch.setattr("luoshi.publication.figures.district_figures", counted)
    body = f"{{{{cases.received {MONTH}}}}} {{{{cases.assigned {MONTH}}}}}"
    assert places(office, bulletin(body), now) == []
    assert len(calls) == 1


def test_more_figures_than_a_text_may_hold_are_refused(office: Office, now: datetime) -> None:
    dates = [f"2026-0{month}-{day:02d}" for month in (3, 4) for day in range(1, 31)]
    days = [f"{{{{notices.published period={date}}}}}" for date in dates]
    extra = "{{notices.published period=2026-05-01}}"
    assert places(office, bulletin(" ".join(days)), now) == []
    assert len(places(office, bulletin(" ".join([*days, extra])), now)) == 1


def test_every_token_has_words_in_both_languages() -> None:
    for token in tokens.registry().values():
        for words in (token.title, token.definition):
            with translation.override("zh-hans"):
                chinese = str(words)
            with translation.override("en"):
                assert chinese != str(words), f"{token.name} has no Chinese"


def test_tokens_are_named_in_the_settings(settings: Any, office: Office, now: datetime) -> None:
    settings.BULLETIN_TOKENS = [*settings.BULLETIN_TOKENS, f"{__name__}.MORE"]
    assert asked(office, "{{test.seven}}", now)["value"] == 7


MORE = (
    tokens.Token(
        name="test.seven",
        title="Seven",
        definition="Always seven.",
        ask=lambda asked: tokens.Figure(shown="7", value=7, n=7),
    ),
)
