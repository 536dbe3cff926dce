"""Open cases that may be about the same problem, and new ones that came in a storm."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from luoshi.cases.gather import Actor, facts, world
from luoshi.cases.models import Case
from luoshi.cases.queries.catalogue import categories, guess
from luoshi.cases.queries.lines import Line, line_of, lines
from luoshi.cases.queries.seen import seen
from luoshi.cases.queries.ways import Way, any_of, first
from luoshi.cases.rows import to_state
from luoshi.cases.search import find
from luoshi.cases.search.alike import Fit, Told, Where, fit
from luoshi.cases.search.find import Clause
from luoshi.cases.store import Held, clock_of
from luoshi.infra.ids import earliest
from luoshi.registry import queries as registry
from luoshi.rules.case import possible
from luoshi.rules.guards import MERGEABLE
from luoshi.rules.state import Command, Resolution, Status
from luoshi.trust import vault

DAYS = 90
"""How far back an open case is taken for the same."""
MOST = 5
STORM = 3
"""From so many alike on, new cases are shown as one line."""
STORM_DAYS = 3
_LOOKED_AT = 100
"""Candidates by words, the newest; those of the same place come beside them."""
_NEAR = 50
"""Candidates by the place, and by area and category."""
_CLOSED = 20
"""Closed ones of the same place."""
_ASKED = 40
_UNSORTED = 300


@dataclass(frozen=True, slots=True)
class Likely:
    """An open case, and why it may be the same."""

    line: Line
    fit: Fit


@dataclass(frozen=True, slots=True)
class Earlier:
    """What may be the same as a new case and came before it."""

    case: Line
    same: tuple[Likely, ...]
    closed: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Storm:
    """New cases that say the same of the same place, the oldest first, with its words and until
    when it must be triaged."""

    text: str
    waiting: datetime | None
    cases: tuple[int, ...]
    category: str  # as the desk sorted one of them, else what the words speak of
    area: int | None
    subject: int | None


def likely(
    district: int,
    said: Told,
    *,
    now: datetime,
    statuses: Collection[Status] = MERGEABLE,
    older_than: int | None = None,
    limit: int = MOST,
    summaries_only: bool = False,
) -> tuple[Likely, ...]:
    """Up to `limit` open cases of the last 90 days that fit, the best first.

    Never a sealed one or a part of a split one. Three queries. `summaries_only`: what reporters
    wrote plays no part and is in no line, since whoever asks may not read it.
    """
    ways = _ways(district, said, now=now, statuses=statuses, older_than=older_than)
    found = _said(district, any_of(ways), summaries_only=summaries_only)
    best = _best(said, found, limit)
    return _shown(best, {one.case: one for one in found}, Case.objects.in_bulk(best))


def likely_to(
    case: Line, *, text: str, district: int, person: int, now: datetime
) -> tuple[Likely, ...]:
    """Older open cases into which this one could be merged and which this person may open, the
    best first. `text`: what of its words he may read. Three queries."""
    return _earlier(case, text, district=district, person=person, now=now)[0]


def earlier(*, case: int, person: int, now: datetime) -> Earlier | None:
    """For whoever triages it, what came before a new case and may be the same: open cases into
    which it could be merged, and cases of the very same place that were closed within the days of
    recurrence, those of its category first. None when it is not his to triage. Five queries."""
    row = Case.objects.filter(pk=case, status=Status.NEW, sealed=False).first()
    if row is None:
        return None
    state, there = to_state(row), world(row.district_id, now)
    held = Held(row, state, clock_of(row.district_id, now))
    known = facts(held, Command("look"), actor=Actor(person=person), there=there, now=now)
    if possible(state, known).get("merge", "no") is not None:
        return None
    [line] = lines([row])
    same, closed = _earlier(
        line, line.text, district=row.district_id, person=person, now=now, closed=True
    )
    return Earlier(line, same, closed)


def _earlier(
    case: Line, text: str, *, district: int, person: int, now: datetime, closed: bool = False
) -> tuple[tuple[Likely, ...], tuple[Line, ...]]:
    """Open and, when wanted, closed ones that this person may open."""
    state = case.state
    if state.sealed or state.status not in MERGEABLE:
        return (), ()
    area, subject = _place(district, state.area, state.subject, text)
    names = registry.place_names(area=area, subject=subject)
    said = Told(
        text=text,
        area=area,
        subject=subject,
        category=state.category or guess(categories(district), text),
        names=tuple(names),
        sorted=state.status != Status.NEW,
    )
    open_to = MERGEABLE - {Status.NEW} if state.was_assigned else MERGEABLE
    ways = _ways(district, said, now=now, statuses=open_to, older_than=case.id)
    before = [_closed_lately(district, subject, now)] if closed and subject else []
    looked_at = any_of([*ways, *before])
    found = {one.case: one for one in _said(district, looked_at)}
    shut = [one.case for one in found.values() if one.status == Status.CLOSED]
    best = _best(said, (one for one in found.values() if one.status != Status.CLOSED), MOST)
    rows = Case.objects.in_bulk([*best, *shut])
    allowed = seen(rows.values(), person=person, there=world(district, now))
    came_back = sorted(
        (rows[pk] for pk in shut if pk in allowed),
        key=lambda row: (row.category != state.category, -row.pk),
    )
    return (
        tuple(one for one in _shown(best, found, rows) if one.line.id in allowed),
        tuple(line_of(row, found[row.pk].text) for row in came_back[:STORM]),
    )


def like_target(
    target: Case, *, since: datetime, after: int, without: Collection[int] = ()
) -> tuple[tuple[int, ...], int]:
    """New cases received since then, behind the case `after`, that are like this one, the oldest
    first; and the last case that was looked at.

    Danger to life and an accusation are never among them: a person reads those. So does he where
    the place of this one is known and theirs may be another: like words come from many estates.
    """
    new = _unsorted(target.district_id, since).filter(pk__gt=max(target.pk, after), accused=[])
    new = new.exclude(urgency="danger").exclude(pk__in=list(without))
    found = _said(target.district_id, new.order_by("pk")[:_UNSORTED])
    if not found:
        return (), after
    [wanted] = _said(target.district_id, Case.objects.filter(pk=target.pk))
    alike = tuple(one.case for one in found if _fits_storm(wanted.told, one.told))
    return alike, found[-1].case


def _fits_storm(one: Told, other: Told) -> Fit | None:
    """As `fit`; but where the place of one is known and that of the other is not, like words may
    as well come from another estate."""
    good = fit(one, other)
    placed = any((one.subject, one.area, other.subject, other.area))
    return None if good and placed and good.where is Where.UNKNOWN else good


def storms(
    district: int, *, now: datetime, without: Collection[int] = (), least: int = STORM
) -> tuple[Storm, ...]:
    """New cases of the last days that are alike, the largest group first; each case in one.

    Whatever the size of the district, the newest 300 untouched cases and two queries.
    """
    new = _unsorted(district, now - timedelta(days=STORM_DAYS))
    found = _said(district, new.exclude(pk__in=list(without)).order_by("-pk")[:_UNSORTED])
    told = sorted((one.case, one.told) for one in found)
    groups = [group for group in _grouped(told) if len(group) >= least]
    known = {one.case: one for one in found}
    large = sorted(groups, key=lambda group: -len(group))
    return tuple(_storm(group, known[group[0][0]]) for group in large)


def _unsorted(district: int, since: datetime) -> QuerySet[Case]:
    """New cases that stand for themselves: nothing was merged into them yet."""
    rows = Case.objects.filter(~Q(status=Status.CLOSED), district_id=district)
    rows = rows.filter(status=Status.NEW, pk__gte=earliest(since), sealed=False)
    return rows.filter(parent=None, children=0, absorbed=0, reopened=0)


def _storm(group: Sequence[tuple[int, Told]], oldest: "Said") -> Storm:
    def known(name: str) -> object:
        return next((value for _, said in group if (value := getattr(said, name))), None)

    return Storm(
        text=oldest.text,
        waiting=oldest.due,
        cases=tuple(case for case, _ in group),
        category=str(known("category") or ""),
        area=known("area"),  # type: ignore[arg-type]
        subject=known("subject"),  # type: ignore[arg-type]
    )


def _grouped(found: Iterable[tuple[int, Told]]) -> list[list[tuple[int, Told]]]:
    """Each case goes to the group whose first case it fits best. Only groups that share a telling
    token are compared, so that three hundred different cases cost little."""
    groups: list[list[tuple[int, Told]]] = []
    by_token: dict[str, list[int]] = {}
    for case, said in found:
        near = {n for token in said.telling for n in by_token.get(token, ())}
        fits = [(good.score, -n) for n in near if (good := _fits_storm(groups[n][0][1], said))]
        if fits:
            groups[-max(fits)[1]].append((case, said))
            continue
        for token in said.telling:
            by_token.setdefault(token, []).append(len(groups))
        groups.append([(case, said)])
    return groups


def _ways(
    district: int,
    said: Told,
    *,
    now: datetime,
    statuses: Collection[Status],
    older_than: int | None,
) -> list[Way]:
    """How open cases are looked for: by the place, and by the words."""
    oldest = earliest(now - timedelta(days=DAYS))
    rows = Case.objects.filter(~Q(status=Status.CLOSED), district_id=district, pk__gte=oldest)
    rows = rows.filter(sealed=False, parent=None, children=0, status__in=sorted(statuses))
    if older_than:
        rows = rows.filter(pk__lt=older_than)
    found = list[Way]()
    if said.subject:
        found.append(first(rows.filter(subject=said.subject).order_by("-pk"), _NEAR))
    if said.area and said.category:
        near = rows.filter(area=said.area, category=said.category)
        found.append(first(near.order_by("-pk"), _NEAR))
    asked = sorted(said.telling)[:_ASKED]
    if asked:
        # Said of the status as the indexes of open cases say it, else PostgreSQL reads all cases.
        still_open = "c.closed_at IS NULL AND NOT (c.status = 'closed')"
        single = "c.parent IS NULL AND c.children = 0"
        marks = ", ".join(["%s"] * len(statuses))
        where: list[Clause] = [
            (f"c.district_id = %s AND c.sealed = %s AND {still_open}", [district, False]),
            (f"{single} AND c.status IN ({marks})", sorted(statuses)),
            ("s.{key} >= %s", [oldest]),
        ]
        words = find.some(asked)
        found.append(find.statement(words, where=where, before=older_than, limit=_LOOKED_AT))
    return found


def _closed_lately(district: int, subject: int, now: datetime) -> Way:
    """Cases of the same place that were closed within the days of recurrence."""
    rows = Case.objects.filter(
        district_id=district,
        subject=subject,
        status=Status.CLOSED,
        sealed=False,
        parent=None,
        merged_into=None,
        closed_at__gte=now - timedelta(days=settings.RECURRENCE_DAYS),
    )
    return first(rows.exclude(resolution=Resolution.MERGED).order_by("-pk"), _CLOSED)


@dataclass(frozen=True, slots=True)
class Said:
    """What a case tells: for comparing, and as lists show it."""

    case: int
    status: str
    due: datetime | None  # since when it is late, else when it will be
    told: Told
    text: str


def _best(said: Told, others: Iterable["Said"], limit: int) -> dict[int, Fit]:
    """By case why it fits, the best first."""
    fits = ((other.case, fit(said, other.told)) for other in others)
    good = sorted(((-one.score, case, one) for case, one in fits if one), key=lambda g: g[:2])
    return {case: one for _, case, one in good[:limit]}


def _shown(
    best: Mapping[int, Fit], found: Mapping[int, "Said"], rows: Mapping[int, Case]
) -> tuple[Likely, ...]:
    return tuple(
        Likely(line_of(rows[case], found[case].text), one)
        for case, one in best.items()
        if case in rows
    )


def _said(district: int, cases: QuerySet[Case], *, summaries_only: bool = False) -> list[Said]:
    """What is known of each: a few columns only, for most are looked at and left. A case that
    nobody sorted has the category of its words. Two queries."""
    columns = (
        "pk", "area", "subject", "category", "status", "late_since", "next_at", "summary", "told",
    )  # fmt: skip
    rows = list(cases.values_list(*columns))
    if not rows:
        return []
    known = categories(district)
    kept = {pk: (summary, None if summaries_only else told) for pk, *_, summary, told in rows}
    words = _words(kept)
    places = {
        pk: _place(district, area, subject, "\n".join(words[pk])) for pk, area, subject, *_ in rows
    }
    areas = registry.area_names({area for area, _ in places.values() if area})
    subjects = registry.subject_names({subject for _, subject in places.values() if subject})
    found = []
    for pk, _area, _subject, category, status, late, next_at, *_ in rows:
        text, (area, subject) = "\n".join(words[pk]), places[pk]
        names = (subjects.get(subject or 0, ""), areas.get(area or 0, ""))
        told = Told(
            text=text,
            area=area,
            subject=subject,
            category=category or guess(known, text),
            names=tuple(name for name in names if name),
            sorted=status != Status.NEW,
        )
        found.append(Said(pk, status, late or next_at, told, words[pk][0] if words[pk] else ""))
    return found


def _place(
    district: int, area: int | None, subject: int | None, text: str
) -> tuple[int | None, int | None]:
    """Where it is: as was said, else what the words name, since not every door asks for a place."""
    if area or subject:
        return area, subject
    named = registry.match_place(district, text)
    return named.area, named.subject


def _words(kept: Mapping[int, tuple[int | None, int | None]]) -> dict[int, tuple[str, ...]]:
    """By case the desk's summary and what its first reporter wrote; one query."""
    texts = vault.read_texts({id for both in kept.values() for id in both if id})
    return {
        case: tuple(text for id in both if id and (text := texts[id]))
        for case, both in kept.items()
    }
