"""The figures of the district as everybody may read them: few, each with what it means, no rate
over a few cases, and nothing about a single unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.rules.figures import PUBLIC_N, Figures, Rate, Spread
from luoshi.web import formats
from luoshi.web.figures import DAYS, Item, counts, coverage, reckoned


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    days: int
    at: datetime
    rows: Sequence[Item]


def block(district: int, now: datetime) -> Block | None:
    """Over the cases received in the last 90 days; None when there are none."""
    at, found = reckoned(district, now)
    return Block(days=DAYS, at=at, rows=items(found)) if found.at_desk.of else None


def items(found: Figures) -> list[Item]:
    """What nobody can know yet is left out."""
    return [
        Item(
            label=gettext_lazy("Cases received"),
            value=formats.number(found.at_desk.of),
            means=gettext_lazy(
                "However many people report one problem, it counts once. Old records that nobody "
                "checked are left out."
            ),
        ),
        Item(
            label=gettext_lazy("Closed after verification"),
            value=formats.number(found.to_fix.n),
            note=_("of %(n)s given to a unit") % {"n": formats.number(found.cases)},
            means=gettext_lazy(
                "Somebody who had no part in the work has checked it, and it held. Work that is "
                "only claimed does not count, and deferred cases do not either."
            ),
        ),
        *rate_of(
            gettext_lazy("Solved, in the reporter's word"),
            found.solved,
            gettext_lazy(
                "Of the reporters who answered after the check, those who said that the problem is "
                "solved. The unit's own word never counts here."
            ),
        ),
        *rate_of(
            gettext_lazy("Satisfied"),
            found.satisfied,
            gettext_lazy(
                "Of the reporters who said whether they are satisfied with how it was handled, "
                "those who are."
            ),
        ),
        *_time_to_fix(found.to_fix),
    ]


def rate_of(label: str | Promise, found: Rate, means: str | Promise) -> list[Item]:
    """A percentage from thirty answers on, counts before; none without an answer."""
    if not found.of:
        return []
    percent = found.percent(at_least=PUBLIC_N)
    value = counts(found) if percent is None else f"{percent}%"
    return [Item(label=label, value=value, note=coverage(found), means=means)]


def _time_to_fix(found: Spread) -> list[Item]:
    if found.median is None or found.n < PUBLIC_N:
        return []
    return [
        Item(
            label=gettext_lazy("From the report to a real fix (median)"),
            value=formats.duration(found.median),
            means=gettext_lazy(
                "Half of the cases that were closed after verification took less, half took more. "
                "It runs until the last check that held: a case that came back runs on."
            ),
        )
    ]
