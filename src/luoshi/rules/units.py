"""Units of figures, and whether an expression over figures keeps them apart.

An expression means something only if it does not matter in which unit its figures are counted
(Buckingham): counting children in thousands must not turn a rate into another one. So every
figure of one unit is multiplied by a factor k, and the result must change by a power of k: by the
exponent that the unit has in it. Adding a constant to a figure, or yuan to children, breaks this.

Why trying is proof enough. Expressions are made of + - * / only, hence rational functions with
rational constants; f(kx) - k^d f(x) is either zero everywhere or a nonzero one. The figures tried
are e to the square roots of different primes (times rationals). Those roots are linearly
independent over the rationals, so their exponentials are algebraically independent
(Lindemann-Weierstrass), and no nonzero rational function with rational constants is zero there.
Only rounding is left to fear: therefore k is a power of two, which rounds nothing, and three sizes
of figures are tried, so that no constant is lost beside them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from math import exp, isclose, isfinite, log, sqrt

DIMENSIONLESS = ("1", "%")
ATOM = re.compile(r"[^\W\d]\w*")
K = 1024.0
SIZES = (1e-4, 1.0, 1e4)

Unit = dict[str, int]
"""Exponents by atom, without zeros: {"child": 1, "class": -1} for child/class, {} for a share."""


class UnitError(ValueError):
    """A unit cannot be read, or an expression mixes units; the text says what to do."""


def parse_unit(text: str) -> Unit:
    """The exponents of "", "%", "child", "人", "child/class", "kW*h/m2" (one / at most).

    m2 is a name of its own, and so are yuan and 万元: nothing is converted. Raises UnitError.
    """
    if not text.strip():
        return {}
    above, *below = text.split("/")
    if len(below) > 1:
        raise UnitError(f"the unit {text!r} has more than one /: write it like child/class")
    found: Unit = {}
    for part, sign in [(above, 1), *((part, -1) for part in below)]:
        for atom in map(str.strip, part.split("*")):
            if atom in DIMENSIONLESS:
                continue
            if not ATOM.fullmatch(atom):
                raise UnitError(
                    f"the unit {text!r} cannot be read: write a word such as child or 元, "
                    "or two of them like child/class; % or nothing for a share"
                )
            found[atom] = found.get(atom, 0) + sign
    return {atom: power for atom, power in found.items() if power}


def show_unit(unit: Unit) -> str:
    """The unit in the spelling that parse_unit reads; "%" when there is none."""
    above = "*".join(atom for atom, power in sorted(unit.items()) for _ in range(power))
    below = "*".join(atom for atom, power in sorted(unit.items()) for _ in range(-power))
    if not below:
        return above or "%"
    return f"{above or 1}/{below}"


def unit_of(expression: Callable[[dict[str, float]], float], units: Mapping[str, Unit]) -> Unit:
    """In which unit `expression` counts, over figures in these units (by name).

    The expression must be rational in its figures (no functions). Raises UnitError when it mixes
    units, is always 0 or always divides by 0.
    """
    points = list(_points(units))
    numbers = [expression(point) for point in points]
    if not all(map(isfinite, numbers)):
        raise UnitError("divides by 0 whatever the figures are")
    if not any(numbers):
        raise UnitError("is 0 whatever the figures are")
    usable = [(p, n) for p, n in zip(points, numbers, strict=True) if n]
    found: Unit = {}
    for atom in sorted({atom for unit in units.values() for atom in unit}):
        degrees = {_degree(n, expression(_scaled(p, units, atom))) for p, n in usable}
        degree = degrees.pop()
        if degrees or degree is None:
            raise UnitError(
                f"adds or subtracts what is counted in {atom} and what is not: only figures of "
                "one unit may be added; a constant may multiply or divide a figure, not be added"
            )
        if degree:
            found[atom] = degree
    return found


def _points(names: Iterable[str]) -> Iterator[dict[str, float]]:
    ordered = sorted(names)
    roots = [sqrt(prime) for prime in islice(_primes(), len(ordered))]
    for size in SIZES:  # an eighth: e to the root of a larger prime would dwarf the others
        yield {name: size * exp(root / 8) for name, root in zip(ordered, roots, strict=True)}


def _primes() -> Iterator[int]:
    found: list[int] = []
    candidate = 2
    while True:
        if all(candidate % prime for prime in found):
            found.append(candidate)
            yield candidate
        candidate += 1


def _scaled(point: dict[str, float], units: Mapping[str, Unit], atom: str) -> dict[str, float]:
    return {name: number * K ** units[name].get(atom, 0) for name, number in point.items()}


def _degree(before: float, after: float) -> int | None:
    """The d for which after = K^d * before; None when there is none."""
    ratio = after / before
    if not isfinite(ratio) or ratio <= 0:
        return None
    degree = round(log(ratio, K))
    return degree if isclose(ratio, K**degree, rel_tol=1e-9) else None
