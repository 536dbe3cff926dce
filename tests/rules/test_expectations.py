"""Answers, records, dates, finger-prints, draws and credit codes."""

import hashlib
from calendar import isleap, monthrange
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from luoshi.rules.credit_code import ALPHABET
from luoshi.rules.expectations import (
    BadAnswer,
    Given,
    Judged,
    Result,
    draw_subjects,
    due_dates,
    fingerprint,
    judge_date,
    judge_item,
    judge_record,
    uscc_ok,
)
from luoshi.rules.independence import draw

DAY = timedelta(days=1)
DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))
SHORT = st.integers(0, 400)


# --- items

YESNO = {"type": "yesno"}
NUMBER = {"type": "number", "min": 36, "max": 37.2}
CHOICES: list[dict[str, Any]] = [
    {"code": "clean", "met": True},
    {"code": "dirty", "met": False},
    {"code": "other"},
]
CHOICE: dict[str, Any] = {"type": "choice", "choices": CHOICES}


@pytest.mark.parametrize(
    ("spec", "answer", "result", "code"),
    [
        (YESNO, Given("met"), "met", "as_answered"),
        (YESNO, Given("unmet"), "unmet", "as_answered"),
        ({"type": "yesno", "na": True}, Given("na"), "na", "as_answered"),
        (NUMBER, Given(number=36), "met", "in_range"),
        (NUMBER, Given(number=37.2), "met", "in_range"),
        (NUMBER, Given("met", number=37.3), "unmet", "out_of_range"),
        (NUMBER, Given("met", number=35.9), "unmet", "out_of_range"),
        (NUMBER, Given("unmet", number=36.5), "unmet", "as_answered"),
        ({"type": "number", "min": 0}, Given(number=0), "met", "in_range"),
        ({"type": "number"}, Given("met", number=3), "met", "as_answered"),
        (CHOICE, Given(choice="clean"), "met", "choice_met"),
        (CHOICE, Given("unmet", choice="clean"), "unmet", "as_answered"),
        (CHOICE, Given("met", choice="dirty"), "unmet", "choice_unmet"),
        (CHOICE, Given("met", choice="other"), "met", "as_answered"),
        ({"type": "text"}, Given("met", text=True), "met", "as_answered"),
        ({"type": "yesno", "photo": "unmet"}, Given("met"), "met", "as_answered"),
        ({"type": "yesno", "photo": "always", "na": True}, Given("na"), "na", "as_answered"),
    ],
)
def test_an_answer_is_judged_by_its_item(
    spec: dict[str, Any], answer: Given, result: str, code: str
) -> None:
    judged = judge_item(spec, answer)
    assert (judged.result, judged.code) == (result, code)


def test_the_bound_that_was_crossed_is_given() -> None:
    assert judge_item(NUMBER, Given(number=38)) == Judged(Result.UNMET, "out_of_range", 38, 37.2)
    assert judge_item(NUMBER, Given(number=30)).limit == 36


@pytest.mark.parametrize(
    ("spec", "answer", "code"),
    [
        (YESNO, Given(), "answer_missing"),
        (YESNO, Given("unknown"), "answer_unknown"),
        (YESNO, Given("na"), "na_not_allowed"),
        (NUMBER, Given("met"), "number_missing"),
        (NUMBER, Given(number=float("nan")), "number_bad"),
        ({"type": "number"}, Given(number=3), "answer_missing"),
        (CHOICE, Given("met"), "choice_missing"),
        (CHOICE, Given(choice="shiny"), "choice_unknown"),
        (CHOICE, Given(choice="other"), "answer_missing"),
        ({"type": "text"}, Given("met"), "text_missing"),
        ({"type": "yesno", "photo": "always"}, Given("met"), "photo_missing"),
        ({"type": "yesno", "photo": "unmet"}, Given("unmet"), "photo_missing"),
        ({**NUMBER, "photo": "unmet"}, Given(number=38), "photo_missing"),
        ({"type": "yesno", "text": "unmet"}, Given("unmet"), "text_missing"),
        ({"type": "yesno", "text": "always", "na": True}, Given("na"), "text_missing"),
    ],
)
def test_an_answer_without_what_was_asked_for_is_refused(
    spec: dict[str, Any], answer: Given, code: str
) -> None:
    with pytest.raises(BadAnswer) as raised:
        judge_item(spec, answer)
    assert raised.value.code == code
    assert raised.value.text


@given(
    st.sampled_from([YESNO, NUMBER, CHOICE]),
    st.builds(
        Given,
        result=st.just("unmet"),
        number=st.floats(0, 100),
        choice=st.sampled_from([c["code"] for c in CHOICES]),
    ),
)
def test_what_a_person_found_unmet_no_rule_makes_met(spec: dict[str, Any], answer: Given) -> None:
    assert judge_item(spec, answer).result is Result.UNMET


# --- records


def skip_weekends(day: date, count: int) -> date:
    while count:
        day += DAY
        count -= day.weekday() < 5
    return day


@given(within=st.integers(1, 40), last=DAYS, on=SHORT, working=st.booleans())
def test_a_record_is_late_from_the_day_after_the_last_day(
    within: int, last: date, on: int, working: bool
) -> None:
    due = skip_weekends(last, within) if working else last + within * DAY
    day = last + on * DAY
    judged = judge_record(
        within=within, last=last, since=last, on=day, working=skip_weekends if working else None
    )
    assert judged.result is (Result.MET if day <= due else Result.UNMET)
    assert judged.code == ("record_there" if day <= due else "record_late")
    assert (judged.period, judged.due) == (due.isoformat(), due)


@given(within=st.integers(1, 40), since=DAYS, on=SHORT)
def test_never_recorded_waits_for_the_first_term_and_then_is_unmet(
    within: int, since: date, on: int
) -> None:
    day = since + on * DAY
    judged = judge_record(within=within, last=None, since=since, on=day, working=None)
    expected = ("waiting", "not_due") if on <= within else ("unmet", "record_never")
    assert (judged.result, judged.code) == expected


def test_friday_record_of_working_days_is_due_on_monday() -> None:
    friday = date(2020, 5, 22)
    judged = judge_record(
        within=1, last=friday, since=friday, on=friday + 3 * DAY, working=skip_weekends
    )
    assert (judged.result, judged.due) == (Result.MET, date(2020, 5, 25))


@given(within=st.integers(1, 30), last=DAYS, days=st.lists(st.integers(31, 300), min_size=2))
def test_one_lapse_is_one_finding_however_long_it_lasts(
    within: int, last: date, days: list[int]
) -> None:
    periods = {
        judge_record(within=within, last=last, since=last, on=last + d * DAY, working=None).period
        for d in days
    }
    assert len(periods) == 1


def test_records_from_before_the_expectation_give_a_full_term_from_its_start() -> None:
    since = date(2020, 3, 1)
    judged = judge_record(
        within=7, last=date(2019, 1, 1), since=since, on=since + 7 * DAY, working=None
    )
    assert judged.result is Result.MET


def test_a_record_every_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="1 day or more"):
        judge_record(within=0, last=None, since=date.min, on=date.min, working=None)


# --- dates


@given(due=DAYS, delivered=st.none() | st.integers(-400, 400), on=st.integers(-400, 400))
def test_a_deliverable_is_judged_by_what_was_there_on_the_day(
    due: date, delivered: int | None, on: int
) -> None:
    proof = None if delivered is None else due + delivered * DAY
    judged = judge_date(due=due, proof=proof, on=due + on * DAY)
    if delivered is not None and delivered <= on:
        expected = ("met", "proof_late" if delivered > 0 else "proof_there")
    else:
        expected = ("waiting", "not_due") if on <= 0 else ("unmet", "proof_missing")
    assert (judged.result, judged.code) == expected
    assert (judged.period, judged.due) == (due.isoformat(), due)


def test_proofs_that_come_out_of_order_each_count_for_their_own_date() -> None:
    dues = due_dates(
        due=date(2020, 1, 31), repeat="monthly", on=date(2020, 3, 31), since=date(2020, 1, 1)
    )
    proofs = dict(zip(dues, [date(2020, 4, 2), date(2020, 2, 1), None], strict=False))
    codes = [judge_date(due=due, proof=proofs.get(due), on=date(2020, 4, 2)).code for due in dues]
    assert codes == ["proof_late", "proof_there", "proof_missing", "not_due"]


def test_the_31st_of_every_month_comes_back_after_a_short_month() -> None:
    found = due_dates(
        due=date(2019, 12, 31), repeat="monthly", on=date(2020, 4, 30), since=date(2020, 1, 1)
    )
    assert [d.isoformat()[5:] for d in found] == ["01-31", "02-29", "03-31", "04-30", "05-31"]


@given(st.integers(2000, 2080))
def test_29_february_is_the_28th_in_common_years(year: int) -> None:
    found = due_dates(
        due=date(2000, 2, 29), repeat="yearly", on=date(year, 12, 31), since=date(year, 1, 1)
    )
    assert found == (
        date(year, 2, 29 if isleap(year) else 28),
        date(year + 1, 2, 29 if isleap(year + 1) else 28),
    )


@given(
    due=DAYS,
    repeat=st.sampled_from(["monthly", "quarterly", "yearly"]),
    since=st.integers(-900, 900),
    on=st.integers(-900, 900),
)
@example(due=date(2020, 1, 31), repeat="quarterly", since=90, on=90)
def test_due_dates_are_all_of_the_series_up_to_the_next_one(
    due: date, repeat: str, since: int, on: int
) -> None:
    start, day = due + since * DAY, due + on * DAY
    step = {"monthly": 1, "quarterly": 3, "yearly": 12}[repeat]
    series = [_months_later(due, n * step) for n in range(70)]
    wanted = [d for d in series if d >= start]
    until = next(i for i, d in enumerate(wanted) if d > day)
    found = due_dates(due=due, repeat=repeat, on=day, since=start)
    assert found == tuple(wanted[: until + 1])
    assert all(a < b for a, b in pairwise(found))


def _months_later(day: date, months: int) -> date:
    year, month = day.year + (day.month + months - 1) // 12, (day.month + months - 1) % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def test_what_is_due_once_is_due_only_where_the_expectation_held() -> None:
    due = date(2020, 6, 30)
    assert due_dates(due=due, repeat=None, on=due + DAY, since=due) == (due,)
    assert due_dates(due=due, repeat=None, on=due + DAY, since=due + DAY) == ()


def test_an_unknown_repetition_is_refused() -> None:
    with pytest.raises(ValueError, match="no repetition"):
        due_dates(due=date.min, repeat="weekly", on=date.min, since=date.min)


# --- finger-prints and draws

TRIPLES = st.tuples(st.text(max_size=6), st.integers(0, 10**12), st.text(max_size=6))


@given(TRIPLES, TRIPLES)
@example(("a1", 1, ""), ("a", 11, ""))
@example(("a,1", 1, ""), ("a", 1, ",1"))
@example(('a"', 1, ""), ("a", 1, '"'))
def test_finger_prints_are_equal_exactly_for_the_same_thing(
    one: tuple[str, int, str], other: tuple[str, int, str]
) -> None:
    def mark(triple: tuple[str, int, str]) -> bytes:
        expectation, subject, period = triple
        return fingerprint(expectation=expectation, subject=subject, period=period)

    assert (mark(one) == mark(other)) == (one == other)
    assert len(mark(one)) == 32


@given(st.lists(st.integers(1, 10**9), min_size=1, unique=True), st.text(), st.data())
def test_a_draw_depends_on_pool_and_seed_only(
    pool: list[int], seed: str, data: st.DataObject
) -> None:
    size = data.draw(st.integers(0, len(pool) + 2))
    drawn = draw_subjects(pool=pool, seed=seed, size=size)
    shuffled = data.draw(st.permutations(pool))
    assert draw_subjects(pool=[*shuffled, *pool[:2]], seed=seed, size=size) == drawn
    assert len(set(drawn)) == min(size, len(pool))
    assert set(drawn) <= set(pool)
    assert draw_subjects(pool=pool, seed=seed, size=1) == (draw(pool=pool, seed=seed),)


def test_anybody_can_draw_again_with_a_hash_alone() -> None:
    pool = range(1, 50)
    by_hash = sorted(pool, key=lambda n: hashlib.sha256(f"s:{n}".encode()).hexdigest())
    assert draw_subjects(pool=pool, seed="s", size=6) == tuple(by_hash[:6])


def test_nobody_draws_fewer_than_none() -> None:
    with pytest.raises(ValueError, match="fewer"):
        draw_subjects(pool=[1], seed="", size=-1)


# --- credit codes

WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
"""As printed in table 3 of GB 32100-2015; the rule computes them instead."""

BODIES = st.builds(
    "".join,
    st.tuples(
        st.text(ALPHABET, min_size=2, max_size=2),
        st.text("0123456789", min_size=6, max_size=6),
        st.text(ALPHABET, min_size=9, max_size=9),
    ),
)


def with_check(body: str) -> str:
    total = sum(ALPHABET.index(c) * w for c, w in zip(body, WEIGHTS, strict=True))
    return body + ALPHABET[(31 - total % 31) % 31]


@given(BODIES)
def test_a_code_with_its_check_character_is_right(body: str) -> None:
    assert uscc_ok(with_check(body))


@given(BODIES, st.integers(0, 17), st.characters(codec="utf-8"))
def test_no_single_wrong_character_passes(body: str, place: int, wrong: str) -> None:
    code = with_check(body)
    others = {wrong, *ALPHABET, *ALPHABET.lower(), *"IOSVZ０１ "} - {code[place]}
    passed = [c for c in others if uscc_ok(code[:place] + c + code[place + 1 :])]
    assert passed == []


@given(BODIES)
def test_a_code_too_short_too_long_or_spaced_is_wrong(body: str) -> None:
    code = with_check(body)
    assert not any(
        map(uscc_ok, (body, code + "0", code + "\n", " " + code, code.lower() + "x", ""))
    )


def test_the_area_is_digits_even_when_the_check_character_is_right() -> None:
    assert not uscc_ok(with_check("91A20613MA1ABCDE2"))
    assert uscc_ok(with_check("91320613MA1ABCDE2"))
