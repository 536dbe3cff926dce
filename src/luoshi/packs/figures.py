"""Formulas of packs: they compile, know every name they use, and agree in their units."""

from collections.abc import Mapping

from luoshi.packs.shelf import Entry, Shelf
from luoshi.rules.expectations import FigureError, compile_figure
from luoshi.rules.units import UnitError, parse_unit

PARTS = ("value", "op", "limit", "unit")
REMEDY = "correct the formula, its unit or the figures it names"


def tell_figures(shelf: Shelf) -> None:
    """Note units that cannot be read, and formulas that the rules refuse."""
    for figure in shelf.entries("figures"):
        _unit(figure)
    for kind in shelf.entries("kinds"):
        for fact in kind.items("facts"):
            _unit(fact)
            if fact.text("unit") and fact.text("type") != "number":
                fact.tell(("unit",), "only a number has a unit", "remove it")
    for entry in shelf.entries("expectations"):
        if (spec := entry.part("figure")) is not None:
            _formula(entry, spec, _units(shelf, entry.text("kind")))


def _unit(entry: Entry) -> None:
    try:
        parse_unit(entry.text("unit"))
    except UnitError as error:
        entry.tell(("unit",), str(error), 'write for example child, child/class or ""')


def _units(shelf: Shelf, kind: str) -> dict[str, str]:
    """The unit of every name that a formula of this kind may use."""
    named = [*shelf.of_kind("figures", kind), *shelf.facts(kind, "number")]
    return {entry.code: entry.text("unit") for entry in named if entry.code}


def _formula(entry: Entry, spec: Mapping[str, object], units: Mapping[str, str]) -> None:
    if not all(isinstance(spec.get(part), str | int | float) for part in PARTS):
        return  # the form tells it
    try:
        compile_figure(spec, units)
    except FigureError as error:
        entry.tell(("figure", error.where), error.text, REMEDY)
