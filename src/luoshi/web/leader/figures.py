"""The figures of a district as a leader reads them: counts with their n, no rate over a few."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.rules.figures import Figures, Rate, Spread
from luoshi.web.figures import DAYS, Item, coverage, rate, reckoned
from luoshi.web.formats import duration

ON_TIME = gettext_lazy("Done by the deadline")
SOLVED = gettext_lazy("Solved, in the reporter's word")
SATISFIED = gettext_lazy("Satisfied")
FIRST_TIME = gettext_lazy("Closed for good at the first time")
REDONE = gettext_lazy("Claims sent back")
TO_FIX = gettext_lazy("From the report to a real fix (median)")


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
    rows = (_row(label, counted, note, means) for label, counted, note, means in _rates(found))
    return [*(row for row in rows if row), *_time_to_fix(found.to_fix)]


Told = tuple[str | Promise, Rate, str, str | Promise]


def _row(label: str | Promise, found: Rate, note: str, means: str | Promise) -> Item | None:
    return Item(label=label, value=rate(found), note=note, means=means) if found.of else None


def _rates(found: Figures) -> list[Told]:
    """Label, figure, what stands beside it, and its definition."""
    return [
        (
            gettext_lazy("Triaged in time"),
            found.triaged,
            "",
            gettext_lazy(
                "Sent to a unit, answered or declined within the limit, of the cases for which "
                "that was due. The clock runs from the receipt."
            ),
        ),
        (
            gettext_lazy("Acknowledged in time"),
            found.acknowledged,
            "",
            gettext_lazy(
                "Acknowledged or returned by the first unit within the limit, of the cases for "
                "which that was due. It runs from the first dispatch, whoever has the case later."
            ),
        ),
        (
            gettext_lazy("Reporter contacted in time"),
            found.responded,
            "",
            gettext_lazy(
                "Contacts on record within the limit, of those that were due. A contact that the "
                "reporter denies does not count."
            ),
        ),
        (
            ON_TIME,
            found.on_time,
            _("against the original deadline: %(rate)s") % {"rate": rate(found.on_time_original)},
            gettext_lazy(
                "The claim that held was made by the deadline, of the cases that are closed or "
                "past their deadline. A reopening voids it; a deferred case is not closed."
            ),
        ),
        (
            SOLVED,
            found.solved,
            coverage(found.solved),
            gettext_lazy(
                "Reporters who said that it is solved, of those who answered. The unit's own claim "
                "never counts. Silence is no answer, and takes no earlier “not solved” back."
            ),
        ),
        (
            gettext_lazy("Passed at the first verification"),
            found.first_pass,
            "",
            gettext_lazy(
                "First claims that a drawn verifier passed, of the first claims verified."
            ),
        ),
        (
            SATISFIED,
            found.satisfied,
            coverage(found.satisfied),
            gettext_lazy("Reporters who said that they are satisfied, of those who said either."),
        ),
        (
            FIRST_TIME,
            found.first_time,
            _(
                "neither reopened nor, within %(days)d days, reported again as the same category "
                "at the same place"
            )
            % {"days": settings.RECURRENCE_DAYS},
            gettext_lazy(
                "Cases that are closed and did not come back, of the cases closed. The same place "
                "is the same subject, or without one the same area."
            ),
        ),
        (
            REDONE,
            found.redone,
            "",
            gettext_lazy("Verifications that failed, of all verifications. Verifiers are drawn."),
        ),
        (
            gettext_lazy("Answered or declined at the desk"),
            found.at_desk,
            _after_the_desk(found),
            gettext_lazy(
                "Cases that the desk closed without giving them to a unit, of all cases. A random "
                "share of them is checked by somebody else."
            ),
        ),
    ]


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
    means = gettext_lazy(
        "From the receipt to the last verification that held, over the cases closed. A reopening "
        "starts it anew: a case that came back runs on."
    )
    return [Item(label=TO_FIX, value=duration(found.median), note=note, means=means)]
