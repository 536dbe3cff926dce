"""Expressions over figures: how they are written, read and refused.

A subset of the Common Expression Language (CEL): names of figures, numbers, + - * / and brackets.
All numbers are doubles: a whole number may be written without a point (strict CEL wants 100.0),
and 1/2 is a half. What cannot work is refused when a pack is read, with a text that says what to
write instead.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from typing import TYPE_CHECKING

from luoshi.rules.units import Unit, UnitError, parse_unit, unit_of

if TYPE_CHECKING:
    from cel import Program

LONGEST = 500
"""Characters of an expression; what is longer is no longer checked by reading it."""

OPERATORS = {"_+_", "_-_", "_*_", "_/_", "-_"}  # as the library names them
NUMBER = r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
TOKEN = re.compile(rf"(?P<word>[A-Za-z_]\w*)|(?P<number>{NUMBER})(?P<tail>\w*)", re.ASCII)
STRANGE = re.compile(r"[^A-Za-z0-9_.+\-*/() ]")
NUMBERLESS = {"true", "false", "null"}


class FigureError(ValueError):
    """An expectation over figures cannot be used. `where`: value, limit, op or unit; `text` says
    in plain English what is wrong and what to do."""

    def __init__(self, where: str, text: str) -> None:
        super().__init__(f"{where}: {text}")
        self.where = where
        self.text = text


@dataclass(frozen=True, slots=True)
class Expression:
    """One side of a comparison. `unit` is None for a constant, which takes that of the other."""

    text: str
    program: "Program"
    names: tuple[str, ...]
    unit: Unit | None


def read_expression(where: str, raw: object, units: Mapping[str, str]) -> Expression:
    """Read and compile what a pack says, over figures in these units. Raises FigureError."""
    text = "".join(_as_doubles(where, _written(where, raw)))
    _refuse_nested_division(where, text)
    program = _compiled(where, text)
    names = tuple(program.variables())
    for name in names:
        if name not in units:
            raise FigureError(where, _unknown_name(name, units))
    return Expression(text, program, names, _counted_in(where, program, names, units))


def _counted_in(
    where: str, program: "Program", names: tuple[str, ...], units: Mapping[str, str]
) -> Unit | None:
    if not names:
        if not isfinite(program.execute({})):
            raise FigureError(where, "divides by 0: write a number")
        return None
    try:
        return unit_of(program.execute, {name: unit_named("unit", units[name]) for name in names})
    except UnitError as error:
        raise FigureError(where, str(error)) from error


def _written(where: str, raw: object) -> str:
    """The expression as text, refused when it holds anything but names, numbers and operators."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float) or not str(raw).strip():
        raise FigureError(where, "is missing: write a number or an expression over figures")
    text = " ".join(str(raw).split())
    if len(text) > LONGEST:
        raise FigureError(where, f"has more than {LONGEST} characters: report a figure for a part")
    strange = STRANGE.search(text)
    if strange and strange.group() in "<>=!&|?:":
        raise FigureError(
            where,
            f"{strange.group()!r} is not allowed: value and limit are numbers, "
            "the comparison between them is op",
        )
    if strange:
        raise FigureError(
            where,
            f"{strange.group()!r} is not allowed: only names of figures (Latin letters, digits, "
            "_), numbers, + - * / and ( )",
        )
    if "//" in text:
        raise FigureError(where, "// would start a comment: write one / for a division")
    if re.search(r"\.\s*[A-Za-z_]", text):
        raise FigureError(where, "a dot stands only inside a number, with a digit on both sides")
    return text


def _as_doubles(where: str, text: str) -> Iterator[str]:
    """The text with every whole number as a double, since CEL never mixes the two kinds.

    Strings and comments being refused before, words and numbers can be told apart one by one.
    """
    at = 0
    for token in TOKEN.finditer(text):
        yield text[at : token.start()]
        at = token.end()
        if token["tail"]:
            raise FigureError(where, f"{token.group()!r} is no plain number: write digits only")
        if token["word"] in NUMBERLESS:
            raise FigureError(where, f"{token['word']!r} is no number")
        yield token.group() + (".0" if token["number"] and token["number"].isdigit() else "")
    yield text[at:]


def _refuse_nested_division(where: str, text: str) -> None:
    """Refuse a / (b / c): with c = 0 a double makes it a / infinity, a false 0 instead of unknown.

    Everywhere else an infinite part leaves the whole infinite or no number, and is noticed.
    """
    for division in re.finditer(r"/[\s-]*\(", text):
        depth, end = 1, division.end()
        while depth and end < len(text):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        inner = re.sub(rf"/\s*({NUMBER})", _unless_zero, text[division.end() : end])
        if "/" in inner:
            raise FigureError(
                where, "a denominator must not contain a division: write a * c / b for a / (b / c)"
            )


def _unless_zero(division: re.Match[str]) -> str:
    return "" if float(division[1]) else division.group()


def _compiled(where: str, text: str) -> "Program":
    from cel import compile as compile_cel  # late: its command line costs every start 0.2 s

    try:
        program = compile_cel(text)
    except ValueError as error:
        reserved = re.search(r"reserved identifier: (\w+)", str(error))
        if reserved:
            text = f"{reserved[1]!r} is a reserved word: give the figure another code"
            raise FigureError(where, text) from error
        at = re.search(r"<input>:1:(\d+)", str(error))
        rest = text[int(at[1]) - 1 :][:20] if at else ""
        near = f"near {rest!r}" if rest else "at its end"
        raise FigureError(where, f"cannot be read {near}: check operators and brackets") from error
    for function in program.functions():
        if function not in OPERATORS:
            raise FigureError(where, f"{function!r} is not allowed: only + - * / and ( )")
    return program


def _unknown_name(name: str, units: Mapping[str, str]) -> str:
    close = get_close_matches(name, units, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(sorted(units))}"
    return f"{name!r} is no figure or number of this kind of subject; {hint}"


def unit_named(where: str, text: str) -> Unit:
    """The unit as exponents. Raises FigureError."""
    try:
        return parse_unit(text)
    except UnitError as error:
        raise FigureError(where, str(error)) from error
