"""The figures of a district as a leader reads them: counts with their n, no rate over a few."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.registry import queries as registry
from luoshi.rules.figures import Figures, Rate, Spread
from luoshi.web.figures import DAYS, Item, coverage, rate, reckoned
from luoshi.web.formats import duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    days: int
    at: datetime
    cases: int
    rows: Sequence[Item]


def block(district: int, now: datetime) -> Block:
    at, found = reckoned(district, now)
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
            coverage(found.solved),
        ),
        (gettext_lazy("Passed at the first verification"), found.first_pass, ""),
        (gettext_lazy("Satisfied"), found.satisfied, coverage(found.satisfied)),
        (
            gettext_lazy("Closed for good at the first time"),
            found.first_time,
            _(
                "neither reopened nor, within %(days)d days, reported again as the same category "
                "at the same place"
            )
            % {"days": settings.RECURRENCE_DAYS},
        ),
        (gettext_lazy("Claims sent back"), found.redone, ""),
        (
            gettext_lazy("Answered or declined at the desk"),
            found.at_desk,
            _after_the_desk(found),
        ),
    ]
    shown = [Item(label=label, value=rate(r), note=note) for label, r, note in rates if r.of]
    return [*shown, *_time_to_fix(found.to_fix)]


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
    return _("; ").join(parts)


def _time_to_fix(found: Spread) -> list[Item]:
    if found.median is None or found.p90 is None:
        return []
    note = _("nine of ten within %(time)s; n = %(n)s") % {
        "time": duration(found.p90),
        "n": found.n,
    }
    label = gettext_lazy("From the report to a real fix (median)")
    return [Item(label=label, value=duration(found.median), note=note)]
