"""What is new and spreading: a place and a category against their own past, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from luoshi.cases import queries
from luoshi.cases.queries import WeekCounts
from luoshi.registry import queries as registry
from luoshi.rules import spreading as rule
from luoshi.rules.spreading import Week

KEPT = 600
"""Seconds: nine weeks of a large district are read at most so often."""

FEWEST = 4
"""Weeks of a past with less than which nothing is compared."""

PLACES = 3
"""A category is looked at over the whole district where it came from this many places."""

SHOWN = 8
TWO = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A place and a category. `area` None: the whole district. `said`: the counts in words."""

    category: str
    area: int | None
    what: str
    where: str
    week: Week

    @property
    def said(self) -> str:
        this = ngettext("%(n)s case this week", "%(n)s cases this week", self.week.count) % {
            "n": self.week.count
        }
        return _("%(this)s; %(past)s") % {"this": this, "past": self.past}

    @property
    def past(self) -> str:
        return before(self.week)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreading:
    """`rows`: called spreading, the least likely first; `new`: two cases where there were none;
    `ones`: how many places and categories have a single one after none. `compared`: pairs of a
    place and a category; `chance`: how many would be called spreading if nothing had changed."""

    at: datetime
    past_weeks: int
    compared: int
    chance: float
    rows: Sequence[Row]
    new: Sequence[Row]
    ones: int

    @property
    def enough(self) -> bool:
        return self.past_weeks >= FEWEST


def spreading(district: int, now: datetime) -> Spreading:
    """At most ten minutes old; one query then, and three for names."""
    key = f"spreading:{district}"
    kept: tuple[datetime, tuple[WeekCounts, ...]] | None = cache.get(key)
    if kept is None:
        kept = (now, queries.weeks(district, now=now))
        cache.set(key, kept, KEPT)
    at, counted = kept
    first = _first_week(counted)
    past_weeks = rule.WEEKS - first
    if past_weeks < FEWEST:
        return Spreading(
            at=at, past_weeks=past_weeks, compared=0, chance=0.0, rows=(), new=(), ones=0
        )
    pairs = [*_pairs(counted, first), *_whole(counted, first)]
    risen = sorted(
        (pair for pair in pairs if pair[2].spreading),
        key=lambda pair: (pair[2].chance, -pair[2].count),
    )
    fresh = [p for p in pairs if p[1] and p[2].past.total == 0 and not p[2].spreading]
    twice = [pair for pair in fresh if pair[2].count == TWO]
    named = _Names(district, [*risen[:SHOWN], *twice[:SHOWN]])
    return Spreading(
        at=at,
        past_weeks=past_weeks,
        compared=len(pairs),
        chance=rule.by_chance([week.past for _area, _code, week in pairs]),
        rows=[named(*pair) for pair in risen[:SHOWN]],
        new=[named(*pair) for pair in twice[:SHOWN]],
        ones=sum(week.count == 1 for _code, _area, week in fresh),
    )


def before(week: Week) -> str:
    """The past in words: a count where it is small, else mean and spread."""
    past = week.past
    if past.total < rule.LEAST:
        said = ngettext(
            "%(n)s in the %(weeks)s weeks before", "%(n)s in the %(weeks)s weeks before", past.total
        )
        return said % {"n": past.total, "weeks": len(past.weeks)}
    told = {
        "mean": f"{past.mean:.1f}",
        "spread": f"{past.spread:.1f}",
        "n": past.total,
        "weeks": len(past.weeks),
    }
    return (
        _("before %(mean)s a week, give or take %(spread)s (n = %(n)s in %(weeks)s weeks)") % told
    )


Pair = tuple[str, int | None, Week]


def _first_week(counted: Iterable[WeekCounts]) -> int:
    """The first week in which the district had any case: earlier ones are no past of its own."""
    sums = _sums(one.weeks for one in counted)
    return next((n for n, total in enumerate(sums) if total), rule.WEEKS)


def _pairs(counted: Iterable[WeekCounts], first: int) -> list[Pair]:
    return [(one.category, one.area, rule.week(one.weeks[first:])) for one in counted]


def _whole(counted: Iterable[WeekCounts], first: int) -> list[Pair]:
    """Categories over the district that came from several places in this week."""
    by_code: dict[str, list[WeekCounts]] = {}
    for one in counted:
        by_code.setdefault(one.category, []).append(one)
    return [
        (code, None, rule.week(_sums(one.weeks[first:] for one in many)))
        for code, many in by_code.items()
        if sum(bool(one.weeks[-1]) for one in many) >= PLACES
    ]


def _sums(weeks: Iterable[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*weeks, strict=True)]


class _Names:
    """Words for pairs; two queries for any number."""

    def __init__(self, district: int, pairs: Sequence[Pair]) -> None:
        language = get_language() or "zh-hans"
        known = queries.categories(district)
        self.what: Mapping[str, str] = {one.code: one.label(language) for one in known}
        self.where = registry.area_names({area for _code, area, _week in pairs if area})

    def __call__(self, category: str, area: int | None, week: Week) -> Row:
        return Row(
            category=category,
            area=area,
            what=self.what.get(category, category),
            where=self.where.get(area, "") if area else _("The whole district"),
            week=week,
        )
