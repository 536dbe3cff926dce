"""Expectations over figures: missing is unknown, limits are met exactly, units cannot be mixed."""

from collections.abc import Mapping
from math import inf, nan
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from luoshi.rules.expectations import (
    CODES,
    Figure,
    FigureError,
    Judged,
    Result,
    check_units,
    compile_figure,
    judge_figure,
)
from luoshi.rules.units import UnitError, parse_unit, show_unit

UNITS = {
    "children": "child",
    "inclusive": "child",
    "in_public": "child",
    "elsewhere": "child",
    "classes": "class",
    "kindergartens": "kindergarten",
    "residents": "resident",
    "promised": "元",
    "paid": "元",
    "named": "元",
    "reported_share": "%",
    "weight": "",
}
PRESCHOOLS = {"inclusive": 18929.0, "children": 24166.0, "in_public": 10174.0, "elsewhere": 5237.0}


def figure(value: str, op: str, limit: str | float, unit: str) -> Figure:
    return compile_figure({"value": value, "op": op, "limit": limit, "unit": unit}, UNITS)


def judge(made: Figure, **values: float | None) -> Judged:
    return judge_figure(made, values, period="2020")


SHARE = figure("inclusive * 100 / children", ">=", 80, "%")
PUBLIC = figure("in_public / children * 100", ">=", "50.0", "%")
SUM = figure("children", "==", "in_public + inclusive + elsewhere", "child")
RATIO = figure("residents / kindergartens", "<=", 10000, "resident/kindergarten")
ALL = {
    "share": SHARE,
    "public": PUBLIC,
    "sum": SUM,
    "ratio": RATIO,
    "mixed": figure("promised / children", ">", "paid / inclusive", "元/child"),
    "gap": figure("promised - paid", "==", "named", "元"),
    "changed": figure("in_public / classes", "!=", "children / classes", "child/class"),
    "less": figure("(1 - inclusive / children) * promised", "<", "paid", "元"),
}


def test_78_33_percent_misses_80_and_42_1_misses_50() -> None:
    share = judge(SHARE, **PRESCHOOLS)
    assert (share.result, share.code, share.limit) == (Result.UNMET, "below", 80.0)
    assert share.value == pytest.approx(78.33, abs=0.005)
    public = judge(PUBLIC, **PRESCHOOLS)
    assert public.result is Result.UNMET
    assert public.value == pytest.approx(42.1, abs=0.005)


@given(
    st.integers(1, 10**7),
    st.sampled_from(
        [
            "inclusive * 100 / children",
            "inclusive / children * 100",
            "100 / (children / 1) * inclusive",
        ]
    ),
)
def test_exactly_80_percent_is_met_however_it_is_written(fifth: int, value: str) -> None:
    exact = {"inclusive": 4.0 * fifth, "children": 5.0 * fifth}
    assert judge(figure(value, ">=", 80, "%"), **exact).result is Result.MET
    assert judge(figure(value, "<=", 80, "%"), **exact).result is Result.MET
    assert judge(figure(value, ">", 80, "%"), **exact).code == "not_above"
    assert judge(figure(value, "<", 80, "%"), **exact).code == "not_below"
    assert judge(figure(value, "!=", 80, "%"), **exact).code == "equal"
    one_less = exact | {"inclusive": 4.0 * fifth - 1}
    assert judge(figure(value, ">=", 80, "%"), **one_less).code == "below"


@given(st.integers(1, 99), st.integers(1, 10**6))
@example(7, 1)  # 0.07 * 100 is more than 7 in doubles, 0.29 * 100 less than 29
@example(29, 1)
def test_every_whole_percentage_is_met_exactly(percent: int, hundredth: int) -> None:
    exact = {"inclusive": float(percent * hundredth), "children": 100.0 * hundredth}
    for op in (">=", "<=", "=="):
        judged = judge(figure("inclusive / children * 100", op, percent, "%"), **exact)
        assert judged.result is Result.MET


def test_whether_one_per_ten_thousand_is_met_is_unknown_without_the_population() -> None:
    judged = judge(RATIO, kindergartens=76)
    assert (judged.result, judged.missing, judged.value) == (Result.UNKNOWN, ("residents",), None)
    assert judge(RATIO, kindergartens=76, residents=760_000).result is Result.MET
    assert judge(RATIO, kindergartens=76, residents=760_001).code == "above"


@given(st.sampled_from(sorted(ALL)), st.data())
def test_what_is_missing_makes_it_unknown_and_is_named_exactly(
    name: str, data: st.DataObject
) -> None:
    made = ALL[name]
    missing = data.draw(st.sets(st.sampled_from(made.names), min_size=1))
    how = data.draw(st.sampled_from([..., None, nan, inf]))
    values: dict[str, float | None] = dict.fromkeys(UNITS, 7.0)
    for gone in missing:
        if how is ...:
            del values[gone]
        else:
            values[gone] = how
    judged = judge_figure(made, values, period="p")
    assert judged == Judged(Result.UNKNOWN, "missing", missing=tuple(sorted(missing)), period="p")


def test_a_figure_that_is_not_asked_for_is_never_missing() -> None:
    assert judge(SHARE, **PRESCHOOLS, residents=None).missing == ()


@given(st.lists(st.integers(0, 10**9), min_size=3, max_size=3))
def test_an_identity_holds_for_the_true_sum_and_differs_for_one_more(parts: list[int]) -> None:
    names = ("in_public", "inclusive", "elsewhere")
    values = dict(zip(names, map(float, parts), strict=True))
    total = sum(parts)
    assert judge(SUM, children=float(total), **values).result is Result.MET
    assume(total < 10**8)
    wrong = judge(SUM, children=float(total + 1), **values)
    assert (wrong.result, wrong.code) == (Result.UNMET, "differs")


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_a_difference_of_cents_is_compared_without_the_errors_of_doubles(a: int, b: int) -> None:
    gap = figure("promised - paid - named", "==", 0, "元")
    values = {"promised": (a + b) / 100, "paid": a / 100, "named": b / 100}
    assert judge(gap, **values).result is Result.MET
    assert judge(figure("promised - paid", "==", "named", "元"), **values).result is Result.MET
    assert judge(gap, **values | {"named": (b + 1) / 100}).code == "differs"


def test_of_1_50_million_invested_0_06_million_has_no_named_source() -> None:
    made = figure("promised", "==", "named", "元")
    judged = judge(made, promised=1_500_000, named=1_440_000)
    assert (judged.code, judged.value, judged.limit) == ("differs", 1_500_000, 1_440_000)


@pytest.mark.parametrize("made", [SHARE, RATIO, ALL["mixed"]])
def test_a_denominator_of_zero_is_unknown(made: Figure) -> None:
    for zero in ({}, {"inclusive": 0.0, "residents": 0.0, "promised": 0.0}):
        values = dict.fromkeys(UNITS, 3.0) | {"children": 0.0, "kindergartens": 0.0} | zero
        judged = judge_figure(made, values, period="")
        assert (judged.result, judged.code) == (Result.UNKNOWN, "zero_denominator")


FIGURES = st.fixed_dictionaries({name: st.integers(1, 10**6).map(float) for name in UNITS})


@given(
    st.sampled_from(sorted(ALL.keys() - {"ratio"})),
    FIGURES,
    st.sampled_from(["child", "元", "class"]),
    st.floats(1e-6, 1e6),
)
@example("share", dict.fromkeys(UNITS, 5.0) | {"inclusive": 4.0}, "child", 0.1)
def test_counting_in_another_unit_never_changes_a_result(
    name: str, values: dict[str, float], unit: str, factor: float
) -> None:
    scaled = {n: v * factor if UNITS[n] == unit else v for n, v in values.items()}
    before = judge_figure(ALL[name], values, period="")
    after = judge_figure(ALL[name], scaled, period="")
    assert (after.result, after.code) == (before.result, before.code)


@given(FIGURES)
def test_of_two_opposite_comparisons_exactly_one_is_met(values: dict[str, float]) -> None:
    for op, opposite in ((">=", "<"), ("<=", ">"), ("==", "!=")):
        results = {
            judge_figure(figure("promised - paid", o, "named", "元"), values, period="").result
            for o in (op, opposite)
        }
        assert results == {Result.MET, Result.UNMET}


@given(FIGURES, st.sampled_from(sorted(ALL)))
def test_every_code_is_one_that_pages_have_words_for(values: dict[str, float], name: str) -> None:
    assert judge_figure(ALL[name], values, period="").code in CODES


def test_whole_numbers_are_doubles_and_half_is_no_whole_division() -> None:
    assert (
        judge(figure("1/2 * weight + 1e-3*weight", "==", "0.501*weight", ""), weight=2).result
        is Result.MET
    )


WRONG: list[tuple[Mapping[str, Any], str, str]] = [
    ({"value": "inclusive * 100 / childern"}, "value", "did you mean 'children'?"),
    ({"value": "unknown_thing"}, "value", "there are: children, classes"),
    ({"value": "inclusive / children"}, "unit", "multiply the share by 100"),
    ({"value": "inclusive + 1", "unit": "child"}, "value", "a constant may multiply or divide"),
    ({"value": "inclusive + paid", "unit": "child"}, "value", "only figures of one unit"),
    ({"value": "inclusive*inclusive + 1e-10*children", "unit": "child*child"}, "value", "adds"),
    ({"value": "inclusive", "unit": "元"}, "unit", "the value counts in 'child'"),
    ({"value": "children / classes", "unit": "class/child"}, "unit", "'child/class'"),
    ({"value": "inclusive", "unit": "child", "limit": "paid"}, "limit", "both sides"),
    ({"value": "inclusive", "unit": "a/b/c"}, "unit", "more than one /"),
    ({"value": "inclusive", "unit": "1 + child"}, "unit", "cannot be read"),
    ({"value": "inclusive > 3"}, "value", "the comparison between them is op"),
    ({"value": "inclusive ? 1 : 2"}, "value", "the comparison between them is op"),
    ({"value": "[inclusive].map(x, x)"}, "value", "'[' is not allowed"),
    ({"value": "'children'"}, "value", "is not allowed"),
    ({"value": "（inclusive）"}, "value", "'（' is not allowed"),
    ({"value": "double(inclusive)"}, "value", "'double' is not allowed"),
    ({"value": "inclusive in children"}, "value", "only + - * /"),
    ({"value": "inclusive.children"}, "value", "a dot stands only inside a number"),
    ({"value": "true"}, "value", "'true' is no number"),
    ({"value": "0x10 * inclusive"}, "value", "'0x10' is no plain number"),
    ({"value": "2u * inclusive"}, "value", "'2u' is no plain number"),
    ({"value": "inclusive // children"}, "value", "write one /"),
    ({"value": "inclusive / (children / classes)"}, "value", "write a * c / b"),
    ({"value": "inclusive / -((children) / classes)"}, "value", "write a * c / b"),
    ({"value": "inclusive / (children / 0)"}, "value", "write a * c / b"),
    ({"value": "(inclusive"}, "value", "at its end"),
    ({"value": "inclusive * * children"}, "value", "near '* children'"),
    ({"value": "for * 2"}, "value", "'for' is a reserved word"),
    ({"value": "inclusive - inclusive"}, "value", "is 0 whatever"),
    ({"value": "inclusive / (paid - paid)"}, "value", "divides by 0 whatever"),
    ({"value": "80"}, "value", "names no figure"),
    ({"value": " "}, "value", "is missing"),
    ({"value": "inclusive" + " + inclusive" * 60}, "value", "more than 500 characters"),
    ({"limit": None}, "limit", "is missing"),
    ({"limit": True}, "limit", "is missing"),
    ({"limit": "1 / 0"}, "limit", "divides by 0"),
    ({"op": "=>"}, "op", "use one of >= > <= < == !="),
]


@pytest.mark.parametrize(("changed", "where", "text"), WRONG)
def test_a_mistake_is_explained_with_what_to_do(
    changed: Mapping[str, Any], where: str, text: str
) -> None:
    spec = {"value": "inclusive * 100 / children", "op": ">=", "limit": 80, "unit": "%", **changed}
    with pytest.raises(FigureError) as raised:
        compile_figure(spec, UNITS)
    assert raised.value.where == where
    assert text in raised.value.text


@given(st.text("ab 10.()+-*/e_", max_size=30))
def test_whatever_is_written_compiles_or_is_refused_in_plain_words(text: str) -> None:
    units = {"a": "child", "b": "child"}
    try:
        made = compile_figure({"value": text, "op": ">=", "limit": 1, "unit": "child"}, units)
        said = judge_figure(made, {"a": 2.0, "b": 3.0}, period="").code
    except FigureError as error:
        said = error.text
    assert said in CODES or len(said) > 10


def test_a_denominator_divided_by_a_plain_number_is_no_danger() -> None:
    made = figure("kindergartens / (residents / 10000)", ">=", 1, "kindergarten/resident")
    assert judge(made, kindergartens=76, residents=760_000).result is Result.MET
    assert judge(made, kindergartens=76, residents=0).code == "zero_denominator"


def test_a_constant_fits_every_unit_and_a_figure_only_its_own() -> None:
    check_units(where="limit", source=30, unit="child/class", units=UNITS)
    check_units(where="limit", source="children / classes", unit="child/class", units=UNITS)
    with pytest.raises(FigureError, match="counts in child, not in 元"):
        check_units(where="limit", source="children", unit="元", units=UNITS)


def test_percent_and_plain_numbers_are_one_unit() -> None:
    made = figure("reported_share", "<=", "weight * 100", "%")
    assert judge(made, reported_share=78.33, weight=0.7833).result is Result.MET


EXPONENTS = st.dictionaries(
    st.sampled_from(["child", "人", "元", "m2"]), st.integers(-3, 3).filter(bool)
)


@given(EXPONENTS)
def test_a_unit_is_read_as_it_is_shown(unit: dict[str, int]) -> None:
    assert parse_unit(show_unit(unit)) == unit


@given(EXPONENTS)
def test_the_unit_of_a_product_is_found_from_its_figures(unit: dict[str, int]) -> None:
    names = {f"f{n}": atom for n, atom in enumerate(unit)}
    factors = [
        f"* {name}" if unit[atom] > 0 else f"/ {name}"
        for name, atom in names.items()
        for _ in range(abs(unit[atom]))
    ]
    assume(factors)
    check_units(where="value", source=" ".join(["2", *factors]), unit=show_unit(unit), units=names)


@pytest.mark.parametrize("text", ["2child", "child per class", "a**b", "%/%/%", "-"])
def test_a_unit_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(UnitError):
        parse_unit(text)
