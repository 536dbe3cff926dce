"""All that a leader's first page and its printed brief show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from luoshi.cases import queries
from luoshi.cases.queries import Back, Decisions
from luoshi.registry import queries as registry
from luoshi.rules.load import Asked
from luoshi.web import staff
from luoshi.web.asked import begins
from luoshi.web.cards import Card, cards
from luoshi.web.leader import figures
from luoshi.web.leader.spreading import Spreading, spreading

WEEK = timedelta(days=7)
EACH = 3
"""Cases shown of each kind; the rest is one click away."""

LISTED = ("overdue", "bouncing", "deferred_again")
"""Reasons that are nobody's decision yet: the others stand among the decisions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    now: datetime
    counts: Mapping[str, int]
    decisions: Decisions
    stuck: Mapping[str, Sequence[int]]
    back: Back
    spreading: Spreading
    figures: figures.Block
    waiting: Asked  # verifications that wait now
    nobody: Asked  # of these, those for which nobody could be drawn
    verifiers: int
    cards: Mapping[int, Card]

    @property
    def to_decide(self) -> int:
        """Counts stop at a hundred and one: so may their sum say "100+"."""
        return sum(self.decisions.counts.values())

    @property
    def is_stuck(self) -> bool:
        return any(self.counts.values())


def hidden(request: HttpRequest) -> frozenset[int]:
    """Cases that accuse a unit of his: neither shown nor counted."""
    units = {role.unit for role in staff.roles_of(request)}
    return queries.hidden_from(units, staff.district_id(request))


def today(request: HttpRequest, now: datetime) -> Today:
    """The same number of queries for twenty cases or for two thousand."""
    district, without = staff.district_id(request), hidden(request)
    counts = queries.stuck_counts(district, now=now, without=without)
    decisions = queries.decisions(
        district,
        staff.person_id(request),
        now=now,
        tonight=_tonight(now),
        known=counts,
        without=without,
        each=EACH,
    )
    stuck = {
        kind: queries.stuck(district, kind, now=now, without=without, limit=EACH).lines
        for kind in LISTED
    }
    back = queries.came_back(district, since=now - WEEK, until=now, without=without, each=EACH)
    shown = [line for lines in (*decisions.lines.values(), *stuck.values()) for line in lines]
    shown += [line for latest in back.latest.values() for line, _at in latest]
    claims = queries.claims_by_verifier(district)
    return Today(
        now=now,
        counts=counts,
        decisions=decisions,
        stuck={kind: [line.id for line in lines] for kind, lines in stuck.items()},
        back=back,
        spreading=spreading(district, now),
        figures=figures.block(district, now),
        waiting=sum(claims.values(), Asked()),
        nobody=claims.get(None, Asked()),
        verifiers=_verifiers(district, now),
        cards={card.line.id: card for card in cards(shown, district=district)},
    )


def _tonight(now: datetime) -> datetime:
    return begins(timezone.localdate(now) + timedelta(days=1))


def _verifiers(district: int, now: datetime) -> int:
    """How many people can be drawn today, before independence is asked."""
    roster = registry.roster(district, on=timezone.localdate(now))
    return len({fact.person for fact in roster if fact.role == "verifier" and not fact.absent})
