"""Expectations over reported figures: a value, its unit, a comparison and a limit.

`value` and `limit` are expressions (rules/expression.py), `op` stands between them. Nothing is
compared that counts in different units, and what is not reported makes the result unknown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose, isfinite
from typing import TYPE_CHECKING, Any

from luoshi.rules.expression import TOKEN, Expression, FigureError, read_expression, unit_named
from luoshi.rules.judged import Judged, Result
from luoshi.rules.units import show_unit

if TYPE_CHECKING:
    from cel import Program

TOLERANCE = 1e-9
"""Relative difference up to which two numbers count as equal, whatever the comparison."""

UNMET_CODES = {
    ">=": "below",
    ">": "not_above",
    "<=": "above",
    "<": "not_below",
    "==": "differs",
    "!=": "equal",
}


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A compiled expectation. `names`: the figures it needs, sorted. `limit` is either a number in
    the unit of the value (`constant`) or an expression (`limit_program`)."""

    op: str
    unit: str
    names: tuple[str, ...]
    program: "Program"
    limit_program: "Program | None"
    constant: float
    subtracts: bool


def compile_figure(spec: Mapping[str, Any], units: Mapping[str, str]) -> Figure:
    """Compile `value`, `op`, `limit` and `unit` of a pack's entry, once.

    `units`: the unit of each figure and number fact that may be named ("" for a plain number). A
    constant limit is a quantity in the unit of the value (30 child/class). Raises FigureError.
    """
    op = spec.get("op")
    if op not in UNMET_CODES:
        raise FigureError("op", f"{op!r} is no comparison: use one of {' '.join(UNMET_CODES)}")
    unit = spec.get("unit") or ""
    value = read_expression("value", spec.get("value"), units)
    limit = read_expression("limit", spec.get("limit"), units)
    if value.unit is None:
        raise FigureError("value", "names no figure: write at least one, such as a / b * 100")
    _same_unit(value, limit, unit)
    _percent_is_multiplied(value, unit, units)
    return Figure(
        op=op,
        unit=unit,
        names=tuple(sorted({*value.names, *limit.names})),
        program=value.program,
        limit_program=limit.program if limit.names else None,
        constant=0.0 if limit.names else limit.program.execute({}),
        subtracts="-" in TOKEN.sub("", value.text + limit.text),
    )


def check_units(*, where: str, source: str | float, unit: str, units: Mapping[str, str]) -> None:
    """Raise FigureError unless the expression `source` counts in `unit` over figures in `units`.

    A constant fits every unit. `where` is only named in the error.
    """
    expression = read_expression(where, source, units)
    if expression.unit is not None and expression.unit != unit_named("unit", unit):
        raise FigureError(where, f"counts in {show_unit(expression.unit)}, not in {unit or '%'}")


def judge_figure(figure: Figure, values: Mapping[str, float | None], *, period: str) -> Judged:
    """Compare the value with the limit.

    `values` by name in the units declared; None, absent or no finite number means not reported:
    the result is then unknown and names exactly what is missing. It is unknown, too, when a
    denominator is 0.
    """
    given: dict[str, float] = {}
    for name in figure.names:
        number = values.get(name)
        if number is None or not isfinite(number):
            return _missing(figure, values, period)
        given[name] = float(number)
    value = figure.program.execute(given)
    program = figure.limit_program
    limit = figure.constant if program is None else program.execute(given)
    if not (isfinite(value) and isfinite(limit)):
        return Judged(Result.UNKNOWN, "zero_denominator", period=period)
    if _holds(figure.op, value, limit, same=_same(figure, given, value, limit)):
        return Judged(Result.MET, "holds", value, limit, (), period)
    return Judged(Result.UNMET, UNMET_CODES[figure.op], value, limit, (), period)


def _missing(figure: Figure, values: Mapping[str, float | None], period: str) -> Judged:
    numbers = ((name, values.get(name)) for name in figure.names)
    missing = tuple(name for name, n in numbers if n is None or not isfinite(n))
    return Judged(Result.UNKNOWN, "missing", missing=missing, period=period)


def _holds(op: str, value: float, limit: float, *, same: bool) -> bool:
    if same:
        return op in (">=", "<=", "==")
    if op == "!=":
        return True
    return op != "==" and (value > limit) == (op[0] == ">")


def _same(figure: Figure, given: dict[str, float], value: float, limit: float) -> bool:
    """Whether value and limit are equal but for rounding.

    A difference of nearly equal figures (0.3 - 0.1 - 0.2) keeps their rounding errors and may be
    compared with 0, to which nothing is relatively near. So when something is subtracted, it is
    asked whether changing each figure by a trillionth of itself could bridge the gap.
    """
    if isclose(value, limit, rel_tol=TOLERANCE):
        return True
    return figure.subtracts and abs(value - limit) <= 1e-12 * _sensitivity(
        figure, given, value - limit
    )


def _sensitivity(figure: Figure, given: dict[str, float], gap: float) -> float:
    """How much the gap moves for each unit of relative change of the figures, summed up."""
    step = 2.0**-20
    total = 0.0
    for name, number in given.items():
        moved = {**given, name: number * (1 + step)}
        program = figure.limit_program
        limit = figure.constant if program is None else program.execute(moved)
        total += abs(figure.program.execute(moved) - limit - gap)
    return total / step


def _same_unit(value: Expression, limit: Expression, declared: str) -> None:
    assert value.unit is not None  # noqa: S101  asked before
    if value.unit != unit_named("unit", declared):
        raise FigureError(
            "unit",
            f"says {declared or 'nothing'!r}, but the value counts in {show_unit(value.unit)!r}: "
            "correct the unit or the expression",
        )
    if limit.unit is not None and limit.unit != value.unit:
        raise FigureError(
            "limit",
            f"counts in {show_unit(limit.unit)!r}, the value in {show_unit(value.unit)!r}: "
            "both sides must count in one unit",
        )


def _percent_is_multiplied(value: Expression, unit: str, units: Mapping[str, str]) -> None:
    """A share of 0.78 against a limit of 80 is the commonest slip, and no unit shows it."""
    percents = any(units[name] == "%" for name in value.names)
    if unit == "%" and not percents and not re.search(r"100(?!\d)", value.text):
        raise FigureError("unit", "is %, so multiply the share by 100, or leave the unit empty")
