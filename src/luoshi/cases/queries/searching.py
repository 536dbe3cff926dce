"""Search by words or number, as far as the one who asks may see what is found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from luoshi.cases.gather import World, world
from luoshi.cases.models import Case
from luoshi.cases.queries.lines import Page, lines
from luoshi.cases.queries.lists import PAGE
from luoshi.cases.queries.seen import seen
from luoshi.cases.search import find
from luoshi.cases.search.tokens import TooShort, asked
from luoshi.rules.independence import above
from luoshi.rules.permissions import WHOLE_DISTRICT
from luoshi.rules.state import Status

__all__ = ["TooShort", "search"]

ROUNDS = 5
"""Most readings of the index for one page: whoever may see little of it goes on from there."""


@dataclass(frozen=True, slots=True)
class _Reader:
    person: int
    there: World
    where: tuple[find.Clause, ...]


def search(
    district: int,
    text: str,
    *,
    person: int,
    now: datetime,
    open_only: bool = False,
    before: str = "",
    limit: int = PAGE,
) -> Page:
    """Cases with all words of the text, the newest first: pairs of Chinese characters, whole Latin
    words, the beginning of a case number. Raises TooShort for less than two characters.

    Sealed cases are not in the index. Some ten queries, whatever the size of the district.
    """
    question = find.every(asked(text))
    reader = _reader(district, person, open_only, now)
    rows: list[Case] = []
    key, more = int(before) if before else None, True
    for _ in range(ROUNDS):
        ids = find.newest(question, where=reader.where, before=key, limit=limit + 1)
        rows += _visible(ids, reader)
        more = len(ids) > limit
        if len(rows) > limit or not more:
            break
        key = ids[-1]
    shown = rows[:limit]
    if len(rows) > limit:
        key, more = shown[-1].pk, True
    return Page(lines(shown), str(key) if more else None)


def _visible(ids: Iterable[int], reader: _Reader) -> list[Case]:
    found = list(Case.objects.filter(pk__in=list(ids)).order_by("-pk"))
    allowed = seen(found, person=reader.person, there=reader.there)
    return [row for row in found if row.pk in allowed]


def _reader(district: int, person: int, open_only: bool, now: datetime) -> _Reader:
    """What narrows the question down before each case is judged by itself."""
    there = world(district, now)
    mine = [fact for fact in there.roster if fact.person == person]
    where: list[find.Clause] = [("c.district_id = %s AND c.sealed = %s", [district, False])]
    if open_only:
        where.append(("c.status <> %s", [Status.CLOSED]))
    if not any(fact.role in WHOLE_DISTRICT for fact in mine):
        own = {fact.unit for fact in mine}
        below = {unit for unit in there.units if own & {unit, *above(unit, there.units)}}
        where.append(find.of_units(below, person))
    return _Reader(person, there, tuple(where))
