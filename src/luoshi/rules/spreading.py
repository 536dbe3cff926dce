"""When is a problem spreading? Its last week against its own weeks before, never against others.

A plain rule: the past weeks give a rate; a count that a Poisson process of this rate would reach in
less than one of a hundred weeks, that also lies more than two spreads above the mean of those
weeks, and is no smaller than three, is called spreading. One case is added to the past, so that
a past without any is not taken for proof that there can be none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, sqrt

WEEKS = 8
"""How far back a past goes."""

LEAST = 3
"""Nothing under this count is called spreading."""

CHANCE = 0.01
"""How often the bound is reached by chance, at most, where nothing has changed."""

SPREADS = 2


@dataclass(frozen=True, slots=True)
class Past:
    """The counts of some weeks, the oldest first."""

    weeks: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.weeks)

    @property
    def mean(self) -> float:
        return self.total / len(self.weeks)

    @property
    def spread(self) -> float:
        """Standard deviation over the weeks (n - 1)."""
        if len(self.weeks) < 2:
            return 0.0
        return sqrt(sum((n - self.mean) ** 2 for n in self.weeks) / (len(self.weeks) - 1))

    @property
    def rate(self) -> float:
        """Cases a week, with one case added to the past."""
        return (self.total + 1) / len(self.weeks)

    @property
    def bound(self) -> int:
        """The lowest count of a week that is called spreading after this past."""
        n = max(LEAST, int(self.rate))
        while at_least(n, self.rate) >= CHANCE or n <= self.mean + SPREADS * self.spread:
            n += 1
        return n


@dataclass(frozen=True, slots=True)
class Week:
    """This week's count and the past that it is compared with."""

    count: int
    past: Past

    @property
    def spreading(self) -> bool:
        return self.count >= self.past.bound

    @property
    def chance(self) -> float:
        """How likely this count or a higher one is where nothing has changed."""
        return at_least(self.count, self.past.rate)


def week(counts: Sequence[int]) -> Week:
    """Of counts week by week, the oldest first and this week last; at least one past week."""
    if len(counts) < 2:
        raise ValueError("a week is compared with at least one week before it")
    return Week(counts[-1], Past(tuple(counts[:-1])))


def by_chance(pasts: Sequence[Past]) -> float:
    """How many of these would be called spreading in a week in which nothing has changed."""
    return sum(at_least(past.bound, past.rate) for past in pasts)


def at_least(n: int, rate: float) -> float:
    """The probability of n or more in a Poisson process of this rate."""
    if n <= 0:
        return 1.0
    if n <= rate:  # the lower tail is the short one
        return max(1.0 - sum(_exactly(k, rate) for k in range(_first(rate), n)), 0.0)
    total, k, term = 0.0, n, _exactly(n, rate)
    while term > total * 1e-12:  # from here on each is smaller than the one before
        total += term
        k += 1
        term *= rate / k
    return min(total, 1.0)


def _exactly(k: int, rate: float) -> float:
    """In logarithms: exp(-rate) alone is 0 for a large district."""
    return exp(k * log(rate) - rate - lgamma(k + 1))


def _first(rate: float) -> int:
    """What lies below cannot be told from nothing: forty spreads under the mean."""
    return max(int(rate - 40 * sqrt(rate)), 0)
