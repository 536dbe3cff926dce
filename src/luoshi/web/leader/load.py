"""The load of verification: what the tiers ask of which pool in a week, and what another tier or
another share would ask. Nothing is changed here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from luoshi.cases import queries
from luoshi.cases.queries import CategoryInfo
from luoshi.registry import queries as registry
from luoshi.rules import load as rule
from luoshi.rules.load import Alike, Asked, Load, Pool
from luoshi.rules.permissions import RoleFact
from luoshi.rules.state import Tier
from luoshi.web.formats import number
from luoshi.web.words import ROLE, TIER

WEEK = timedelta(days=7)


class WhatIf(forms.Form):
    """Another tier for one category, another random share, or both."""

    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    tier = forms.ChoiceField(
        label=gettext_lazy("Were it verified …"),
        choices=[(tier.value, TIER[tier.value]) for tier in Tier],
        required=False,
    )
    share = forms.IntegerField(
        label=gettext_lazy("Random share of papers raised to the site, in per cent"),
        min_value=0,
        max_value=100,
        required=False,
    )

    def __init__(self, categories: Sequence[CategoryInfo], *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        language = get_language() or "zh-hans"
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", _("(no category)")),
            *(
                (
                    one.code,
                    _("%(category)s, now %(tier)s")
                    % {"category": one.label(language), "tier": TIER[one.tier]},
                )
                for one in categories
            ),
        ]
        self.fields["share"].help_text = _("Now: %(share)s%%") % {"share": settings.RAISED_PERCENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One pool. `waiting`: claims drawn for its people; `expected`: those of the coming week;
    `would`: the same under what was asked."""

    role: str
    unit: str
    people: int
    absent: int
    waiting: Asked
    expected: Asked
    would: Asked | None

    @property
    def each(self) -> float | None:
        return self._each(self.expected)

    @property
    def each_would(self) -> float | None:
        return None if self.would is None else self._each(self.would)

    def _each(self, asked: Asked) -> float | None:
        return (self.waiting.total + asked.total) / self.people if self.people else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """`nobody`: row for what nobody could be drawn for; `late`: overdue cases that any day may
    bring a claim, beside those of the week; `change`: what was asked, in words."""

    until: datetime
    share: int
    rows: Sequence[Row]
    nobody: Row
    total: Row
    late: int
    change: Sequence[str]
    where: CategoryInfo | None

    @property
    def asked_of(self) -> list[Row]:
        """Every row that now or then has something to expect; the sum comes last."""
        every = (*self.rows, self.nobody, self.total)
        return [row for row in every if row.expected.total or (row.would and row.would.total)]


def board(district: int, now: datetime, form: WhatIf) -> Board:
    """Seven queries, however many cases there are."""
    until, day = now + WEEK, timezone.localdate(now)
    roster, units = registry.roster(district, on=day), registry.units(district)
    coming = queries.to_be_claimed(district, since=now, until=until)
    late = queries.to_be_claimed(district, since=None, until=now)
    share = settings.RAISED_PERCENT
    expected = rule.expected(coming, roster=roster, units=units, raised_percent=share)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    would = _would(coming, asked, roster, units)
    waiting = _by_pool(queries.claims_by_verifier(district), rule.pools(roster))
    names = registry.unit_names(
        {pool.unit for pool in expected.pools}, language=get_language() or "zh-hans"
    )
    rows = [_row(pool, names, waiting, expected, would) for pool in expected.pools]
    nobody = Row(
        role="",
        unit=_("Nobody is independent"),
        people=0,
        absent=0,
        waiting=waiting[None],
        expected=expected.nobody,
        would=would.nobody if would else None,
    )
    everybody = [*rows, nobody]
    return Board(
        until=until,
        share=share,
        rows=rows,
        nobody=nobody,
        total=Row(
            role="",
            unit=_("Together"),
            people=0,  # a mean over pools that do not share their work would say nothing
            absent=0,
            waiting=sum((row.waiting for row in everybody), Asked()),
            expected=expected.total,
            would=would.total if would else None,
        ),
        late=sum(group.count for group in late),
        change=_change(asked, form),
        where=_category(district, asked),
    )


def _would(
    coming: Sequence[Alike],
    asked: Mapping[str, Any],
    roster: Sequence[RoleFact],
    units: Mapping[int, Any],
) -> Load | None:
    if not (asked.get("category") or asked.get("share") is not None):
        return None
    groups: Sequence[Alike] = coming
    if asked.get("category"):
        groups = rule.changed(
            coming, category=asked["category"], site=asked.get("tier") == Tier.SITE
        )
    share = settings.RAISED_PERCENT if asked.get("share") is None else asked["share"]
    return rule.expected(groups, roster=roster, units=units, raised_percent=share)


def _by_pool(claims: Mapping[int | None, Asked], pools: Sequence[Pool]) -> dict[Pool | None, Asked]:
    """Claims of people who can no longer be drawn are counted with those of nobody: the clock
    draws somebody else."""
    of = {person: pool for pool in pools for person in pool.people | pool.absent}
    found: dict[Pool | None, Asked] = {None: Asked(), **{pool: Asked() for pool in pools}}
    for person, asked in claims.items():
        found[of.get(person or 0)] += asked
    return found


def _row(
    pool: Pool,
    names: Mapping[int, str],
    waiting: Mapping[Pool | None, Asked],
    expected: Load,
    would: Load | None,
) -> Row:
    return Row(
        role=str(ROLE[pool.role]),
        unit=names.get(pool.unit, ""),
        people=len(pool.people),
        absent=len(pool.absent),
        waiting=waiting[pool],
        expected=expected.pools[pool],
        would=would.pools[pool] if would else None,
    )


def _change(asked: Mapping[str, Any], form: WhatIf) -> list[str]:
    said = []
    if code := asked.get("category"):
        label = dict(form.fields["category"].choices)[code]  # type: ignore[attr-defined]
        told = {"category": label, "tier": TIER[asked.get("tier") or Tier.PAPERS]}
        said.append(_("%(category)s: were it %(tier)s") % told)
    if asked.get("share") is not None:
        told = {"share": asked["share"], "now": settings.RAISED_PERCENT}
        said.append(_("the random share would be %(share)s%% instead of %(now)s%%") % told)
    return said


def _category(district: int, asked: Mapping[str, Any]) -> CategoryInfo | None:
    return queries.category(district, asked["category"]) if asked.get("category") else None


def about(value: float | None) -> str:
    """A count that may be a share of chance: one place behind the point, none where it is whole."""
    if value is None:
        return "—"
    rounded = round(value, 1)
    return number(int(rounded)) if rounded == int(rounded) else number(rounded)
