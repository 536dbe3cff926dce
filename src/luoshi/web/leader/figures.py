"""The figures of a district as a leader reads them: counts with their n, no rate over a few."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.cases.figures import district_figures
from luoshi.registry import queries as registry
from luoshi.rules.figures import PUBLIC_N, Figures, Rate, Spread
from luoshi.web.formats import duration

DAYS = 90
KEPT = 600
"""Seconds. Reckoning goes through every case of the period, which no page should wait for twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    label: str | Promise
    value: str
    note: str | Promise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    days: int
    at: datetime
    cases: int
    rows: Sequence[Item]


def block(district: int, now: datetime) -> Block:
    """Over the cases received in the last 90 days, reckoned at most once in ten minutes."""
    key = f"leader-figures:{district}"
    kept: tuple[datetime, Figures] | None = cache.get(key)
    if kept is None:
        kept = (now, district_figures(district, since=now - timedelta(days=DAYS), until=now))
        cache.set(key, kept, KEPT)
    at, found = kept
    return Block(days=DAYS, at=at, cases=found.cases, rows=items(found))


def items(found: Figures) -> list[Item]:
    """A figure of which nothing is known yet is left out: no case is no rate."""
    rates: list[tuple[str | Promise, Rate, str | Promise]] = [
        (gettext_lazy("Triaged in time"), found.triaged, ""),
        (gettext_lazy("Acknowledged in time"), found.acknowledged, ""),
        (gettext_lazy("Reporter contacted in time"), found.responded, ""),
        (
            gettext_lazy("Done by the deadline"),
            found.on_time,
            _("against the original deadline: %(rate)s") % {"rate": rate(found.on_time_original)},
        ),
        (
            gettext_lazy("Solved, in the reporter's word"),
            found.solved,
            _coverage(found.solved),
        ),
        (gettext_lazy("Passed at the first verification"), found.first_pass, ""),
        (gettext_lazy("Satisfied"), found.satisfied, _coverage(found.satisfied)),
        (gettext_lazy("Closed and not reopened"), found.first_time, ""),
        (gettext_lazy("Claims sent back"), found.redone, ""),
        (
            gettext_lazy("Answered or declined at the desk"),
            found.at_desk,
            _after_the_desk(found),
        ),
    ]
    shown = [Item(label=label, value=rate(r), note=note) for label, r, note in rates if r.of]
    return [*shown, *_time_to_fix(found.to_fix)]


def rate(found: Rate) -> str:
    """ "7 of 9" for a few; from thirty on also the percentage."""
    plain = _("%(count)s of %(of)s") % {"count": found.count, "of": found.of}
    percent = found.percent(at_least=PUBLIC_N)
    return plain if percent is None else f"{percent} % ({plain})"


def verifiers(district: int, now: datetime) -> int:
    """How many people can be drawn today, before independence is asked."""
    roster = registry.roster(district, on=timezone.localdate(now))
    return len({fact.person for fact in roster if fact.role == "verifier" and not fact.absent})


def _after_the_desk(found: Figures) -> str:
    parts = []
    if found.desk_disputed.of:
        parts.append(_("disputed: %(rate)s") % {"rate": rate(found.desk_disputed)})
    if found.desk_wrong.of:
        parts.append(_("wrong when checked: %(rate)s") % {"rate": rate(found.desk_wrong)})
    return "; ".join(parts)


def _coverage(found: Rate) -> str:
    if found.covers is None:
        return ""
    return _("%(n)s answers from %(covers)s closed cases") % {"n": found.of, "covers": found.covers}


def _time_to_fix(found: Spread) -> list[Item]:
    if found.median is None or found.p90 is None:
        return []
    note = _("nine of ten within %(time)s; n = %(n)s") % {
        "time": duration(found.p90),
        "n": found.n,
    }
    label = gettext_lazy("From the report to a real fix (median)")
    return [Item(label=label, value=duration(found.median), note=note)]
