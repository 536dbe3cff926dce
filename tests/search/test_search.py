"""Finding cases by their words, on both databases."""

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from luoshi.cases import queries
from luoshi.cases.models import Case, SearchEntry
from luoshi.cases.queries import TooShort
from luoshi.cases.search import find, index
from luoshi.trust import vault
from tests.cast import Cast

LATER = timedelta(minutes=1)


def found(cast: Cast, text: str, now: datetime, *, who: str = "desk1", **more: object) -> list[int]:
    page = queries.search(cast.district, text, person=cast.people[who], now=now, **more)  # type: ignore[arg-type]
    return [line.id for line in page.lines]


def test_two_characters_find_a_report_and_the_newest_comes_first(cast: Cast, now: datetime) -> None:
    one = cast.report(now, text="楼下绿地被人种菜", subject=None).case
    two = cast.report(now + LATER, text="有人种菜还浇粪", subject=None).case
    cast.report(now, text="门口停电", subject=None)
    assert found(cast, "种菜", now) == [two, one]
    assert found(cast, "绿地 种菜", now) == [one]
    assert found(cast, "种菜停电", now) == []


def test_the_names_of_place_and_area_and_the_summary_find_a_case(cast: Cast, now: datetime) -> None:
    case = cast.report(now).case
    assert found(cast, "示范新村", now) == [case] == found(cast, "德民社区", now)
    cast.do("desk1", case, "classify", now, category="estate.green", text="公共绿化带开荒")
    assert found(cast, "开荒", now) == [case] == found(cast, "种菜", now)


def test_a_number_is_found_by_its_beginning(cast: Cast, now: datetime) -> None:
    got = cast.report(now, subject=None)
    assert found(cast, got.number, now) == [got.case] == found(cast, got.number[7:11], now)
    assert found(cast, got.number.replace("-", ""), now) == [got.case]
    # Digits in somebody's words are whole words: a street number is no beginning.
    other = cast.report(now + LATER, text="在人民路 98765 号", subject=None).case
    assert other in found(cast, "98765", now)
    assert other not in found(cast, "9876", now)


def test_latin_words_are_found_whole_in_any_case(cast: Cast, now: datetime) -> None:
    case = cast.report(now, text="The EMS van blocks the gate", subject=None).case
    assert found(cast, "ems gate", now) == [case]
    assert found(cast, "gat", now) == []


@pytest.mark.parametrize(
    "hostile",
    ['种菜" OR "1', "种菜' | 'x", "种菜 AND", "NEAR(种菜)", "种菜*", "words:种菜", "种菜%", "^种菜",
     "种菜\\", "种菜🚗", "-种菜", "(种菜", "种菜 & !x", "种菜:*", "\x00种菜"],
)  # fmt: skip
def test_nothing_that_is_typed_is_an_operator(cast: Cast, now: datetime, hostile: str) -> None:
    case = cast.report(now, text="绿地种菜", subject=None).case
    letters = [c for c in hostile if c.isascii() and c.isalnum()]
    assert found(cast, hostile, now) == ([] if letters else [case])


@pytest.mark.parametrize("short", ["菜", "%", "🚗", '"', "  "])
def test_one_character_is_too_short(cast: Cast, now: datetime, short: str) -> None:
    with pytest.raises(TooShort):
        found(cast, short, now)


def test_five_thousand_characters_are_a_question_like_any_other(cast: Cast, now: datetime) -> None:
    case = cast.report(now, text="种菜" * 2_500, subject=None).case
    assert found(cast, "种菜" * 2_500, now) == [case]
    assert found(cast, "".join(chr(0x4E00 + n) for n in range(5_000)), now) == []


def test_a_flood_of_words_is_received_all_the_same(cast: Cast, now: datetime) -> None:
    flood = "".join(chr(0x4E00 + n * 7 % 20_000) for n in range(9_990))
    case = cast.report(now, text=flood, subject=None).case
    assert found(cast, flood[:4], now) == [case]


def test_what_is_told_in_confidence_is_in_no_index(cast: Cast, now: datetime) -> None:
    case = cast.report(now, text="社区虚报清运费", confidential=True, phone=None).case
    for who in ("desk1", "inspector1", "leader1"):
        assert found(cast, "清运", now, who=who) == []
    assert not SearchEntry.objects.filter(case=case).exists()


def test_an_erased_text_leaves_the_index_in_the_same_transaction(cast: Cast, now: datetime) -> None:
    case = cast.report(now, text="张某某住三单元", subject=None).case
    text = Case.objects.get(pk=case).report_set.get().text
    with transaction.atomic():
        vault.erase(vault_id=text, by=cast.people["leader1"], reason="本人申请删除", now=now)
        assert found(cast, "张某", now) == []
    assert "张某" not in SearchEntry.objects.get(case=case).words.split()
    assert found(cast, "德民", now) == [case]


def test_an_erasure_that_is_rolled_back_takes_nothing_out(cast: Cast, now: datetime) -> None:
    case = cast.report(now, text="张某某住三单元", subject=None).case
    text = Case.objects.get(pk=case).report_set.get().text
    with transaction.atomic():
        vault.erase(vault_id=text, by=cast.people["leader1"], reason="本人申请删除", now=now)
        transaction.set_rollback(True)
    assert found(cast, "张某", now) == [case]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the file of SQLite")
def test_no_pair_of_an_erased_text_stays_in_the_pages_of_the_index(
    cast: Cast, now: datetime
) -> None:
    case = cast.report(now, text="龘靐齉某某", subject=None).case
    text = Case.objects.get(pk=case).report_set.get().text
    # Beginnings that two tokens have in common are stored once: so the ends tell.
    assert "靐".encode() in _blocks()
    assert "齉".encode() in _blocks()
    vault.erase(vault_id=text, by=cast.people["leader1"], reason="本人申请删除", now=now)
    assert "靐".encode() not in _blocks()
    assert "齉".encode() not in _blocks()


def _blocks() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM cases_searchfts_data")
        return b"".join(bytes(row[0]) for row in cursor.fetchall())


def test_a_second_report_on_a_case_makes_it_findable_by_its_words_too(
    cast: Cast, now: datetime
) -> None:
    given = {"category": "estate.green", "text": "有人种菜"}
    case = cast.report(now, **given).case
    cast.do("desk1", case, "answer", now, answer="x", text="已答复")
    again = cast.report(now + LATER, category="estate.green", text="又在搭棚")
    assert again.case == case
    assert found(cast, "搭棚", now) == [case] == found(cast, "种菜", now)
    assert found(cast, again.number, now) == [case]


def test_a_handler_finds_only_what_his_unit_has_to_do_with(cast: Cast, now: datetime) -> None:
    mine = cast.handling(now, text="地锁私占车位")
    other = cast.handling(now + LATER, owner="garden", text="地锁私占车位")
    cast.report(now, text="地锁私占车位", subject=None)
    assert found(cast, "地锁", now, who="community1") == [mine]
    assert found(cast, "地锁", now, who="garden1") == [other]
    assert found(cast, "地锁", now, who="street1") == [mine]
    assert found(cast, "地锁", now, who="police1") == []
    assert len(found(cast, "地锁", now, who="leader1")) == 3


def test_whoever_is_accused_does_not_find_it(cast: Cast, now: datetime) -> None:
    cast.report(now, text="受理岗推诿", accused=(cast.units["desk"],), subject=None)
    assert found(cast, "推诿", now) == []
    assert len(found(cast, "推诿", now, who="inspector1")) == 1


def test_pages_follow_each_other_without_gap_or_double(cast: Cast, now: datetime) -> None:
    cases = [cast.report(now + n * LATER, text=f"第{n}次停电", subject=None).case for n in range(7)]
    hidden = cast.report(now + 9 * LATER, text="停电", accused=(cast.units["desk"],), subject=None)
    seen: list[int] = []
    key: str | None = ""
    while key is not None:
        page = queries.search(
            cast.district, "停电", person=cast.people["desk1"], now=now, limit=3, before=key
        )
        seen += [line.id for line in page.lines]
        key = page.next
    assert seen == cases[::-1]
    assert hidden.case not in seen


def test_open_ones_alone_can_be_asked_for(cast: Cast, now: datetime) -> None:
    shut = cast.report(now, subject=None).case
    cast.do("desk1", shut, "answer", now, answer="x", text="已答复")
    still = cast.report(now + LATER, subject=None).case
    assert found(cast, "种菜", now) == [still, shut]
    assert found(cast, "种菜", now, open_only=True) == [still]


def test_the_night_mends_what_is_missing_and_tells_it(cast: Cast, now: datetime) -> None:
    lost = cast.report(now, subject=None)
    kept = cast.report(now + LATER, subject=None).case
    SearchEntry.objects.filter(case=lost.case).delete()
    assert found(cast, "种菜", now) == [kept]
    piece = index.heal(0, now=now)
    assert piece.faults == (f"case {lost.number} was missing in the search; added",)
    assert found(cast, "种菜", now) == [kept, lost.case]
    assert index.heal(0, now=now).faults == ()


def test_the_night_finds_places_by_their_new_name(cast: Cast, now: datetime) -> None:
    case = cast.report(now).case
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_subject SET name = %s", ["和平新苑"])
    index.heal(0, now=now)
    assert found(cast, "和平新苑", now) == [case]
    assert found(cast, "示范新村", now) == []


def test_what_lies_beyond_the_newest_cases_is_found_in_the_same_order(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "NEAR", 2)
    texts = ("种菜", "种菜", "停电", "种菜", "停电", "种菜")
    cases = [
        cast.report(now + n * LATER, text=text, subject=None).case for n, text in enumerate(texts)
    ]
    fit = [case for case, text in zip(cases, texts, strict=True) if text == "种菜"][::-1]
    assert found(cast, "种菜", now) == fit
    # Two fill a page: the newest two cases hold one of them, the index the rest.
    first = queries.search(cast.district, "种菜", person=cast.people["desk1"], now=now, limit=2)
    assert [line.id for line in first.lines] == fit[:2]
    assert first.next
    assert found(cast, "种菜", now, before=first.next, limit=2) == fit[2:]


def test_a_search_costs_the_same_number_of_queries_for_one_hit_and_for_many(
    cast: Cast, now: datetime
) -> None:
    from bench import plans

    cast.report(now, subject=None)
    found(cast, "种菜", now)  # what is kept in memory is read
    few = plans.statements(lambda: found(cast, "种菜", now))
    for n in range(5):
        cast.report(now + n * LATER, subject=None)
    assert plans.statements(lambda: found(cast, "种菜", now)) == few
