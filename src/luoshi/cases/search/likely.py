"""Open cases that may be about the same problem, and new ones that came in a storm."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from luoshi.cases.gather import world
from luoshi.cases.models import Case
from luoshi.cases.queries.catalogue import categories, guess
from luoshi.cases.queries.lines import Line, line_of, lines
from luoshi.cases.queries.seen import seen, seen_states
from luoshi.cases.search import find
from luoshi.cases.search.alike import Fit, Told, Where, fit
from luoshi.infra.ids import earliest
from luoshi.registry import queries as registry
from luoshi.rules.guards import MERGEABLE
from luoshi.rules.state import Resolution, Status
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
_ASKED = 40
_UNSORTED = 300


@dataclass(frozen=True, slots=True)
class Likely:
    """An open case, and why it may be the same."""

    line: Line
    fit: Fit


@dataclass(frozen=True, slots=True)
class Storm:
    """New cases that say the same of the same place, the oldest first."""

    first: Line
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

    Never a sealed one or a part of a split one. Six queries. `summaries_only`: what reporters
    wrote plays no part and is in no line, since whoever asks may not read it.
    """
    oldest = earliest(now - timedelta(days=DAYS))
    rows = Case.objects.filter(~Q(status=Status.CLOSED), district_id=district, pk__gte=oldest)
    rows = rows.filter(sealed=False, parent=None, children=0, status__in=sorted(statuses))
    if older_than:
        rows = rows.filter(pk__lt=older_than)
    found = rows.filter(pk__in=_candidates(district, said, rows, oldest, older_than))
    others = {one.case: one for one in _said(district, found, summaries_only=summaries_only)}
    fits = ((case, fit(said, other.told)) for case, other in others.items())
    good = sorted(((-one.score, case, one) for case, one in fits if one), key=lambda g: g[:2])
    best = {case: one for _, case, one in good[:limit]}
    shown = Case.objects.in_bulk(best) if best else {}
    return tuple(
        Likely(line_of(shown[case], others[case].text), one)
        for case, one in best.items()
        if case in shown
    )


def likely_to(
    case: Line, *, text: str, district: int, person: int, now: datetime
) -> tuple[Likely, ...]:
    """Older open cases into which this one could be merged and which this person may open, the
    best first. `text`: what of its words he may read. Seven queries."""
    state = case.state
    if state.sealed or state.status not in MERGEABLE:
        return ()
    names = registry.place_names(area=state.area, subject=state.subject)
    said = Told(
        text=text,
        area=state.area,
        subject=state.subject,
        category=state.category or guess(categories(district), text),
        names=tuple(names),
        sorted=state.status != Status.NEW,
    )
    open_to = MERGEABLE - {Status.NEW} if state.was_assigned else MERGEABLE
    found = likely(district, said, now=now, statuses=open_to, older_than=case.id)
    allowed = seen_states(
        {one.line.id: one.line.state for one in found},
        person=person,
        there=world(district, now),
    )
    return tuple(one for one in found if one.line.id in allowed)


def closed_lately(case: Line, *, district: int, person: int, now: datetime) -> tuple[Line, ...]:
    """Cases of the very same place that were closed within the days of recurrence and that this
    person may open: it may have come back. Those of the same category first. A query, or three."""
    if not case.state.subject:
        return ()
    since = now - timedelta(days=settings.RECURRENCE_DAYS)
    rows = Case.objects.filter(
        district_id=district,
        subject=case.state.subject,
        status=Status.CLOSED,
        sealed=False,
        parent=None,
        merged_into=None,
        closed_at__gte=since,
    ).exclude(resolution=Resolution.MERGED)
    found = list(rows.exclude(pk=case.id).order_by("-pk")[:20])
    same = [row for row in found if row.category == case.state.category]
    shown = [*same, *(row for row in found if row not in same)][:STORM]
    there = world(district, now)
    allowed = seen(shown, person=person, there=there)
    return lines([row for row in shown if row.pk in allowed])


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
    alike = tuple(one.case for one in found if _follows(wanted.told, one.told))
    return alike, found[-1].case


def _follows(wanted: Told, said: Told) -> bool:
    good = fit(wanted, said)
    placed = wanted.subject or wanted.area
    return good is not None and not (placed and good.where is Where.UNKNOWN)


def storms(
    district: int, *, now: datetime, without: Collection[int] = (), least: int = STORM
) -> tuple[Storm, ...]:
    """New cases of the last days that are alike, the largest group first; each case in one.

    Whatever the size of the district, the newest 300 untouched cases and a handful of queries.
    """
    new = _unsorted(district, now - timedelta(days=STORM_DAYS))
    found = _said(district, new.exclude(pk__in=list(without)).order_by("-pk")[:_UNSORTED])
    told = sorted((one.case, one.told) for one in found)
    groups = [group for group in _grouped(told) if len(group) >= least]
    text = {one.case: one.text for one in found}
    rows = Case.objects.in_bulk([group[0][0] for group in groups])
    large = sorted(groups, key=lambda group: -len(group))
    return tuple(_storm(group, line_of(rows[group[0][0]], text[group[0][0]])) for group in large)


def _unsorted(district: int, since: datetime) -> QuerySet[Case]:
    """New cases that stand for themselves: nothing was merged into them yet."""
    rows = Case.objects.filter(~Q(status=Status.CLOSED), district_id=district)
    rows = rows.filter(status=Status.NEW, pk__gte=earliest(since), sealed=False)
    return rows.filter(parent=None, children=0, absorbed=0, reopened=0)


def _storm(group: Sequence[tuple[int, Told]], first: Line) -> Storm:
    def known(name: str) -> object:
        return next((value for _, said in group if (value := getattr(said, name))), None)

    return Storm(
        first=first,
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
        fits = [(good.score, -n) for n in near if (good := fit(groups[n][0][1], said))]
        if fits:
            groups[-max(fits)[1]].append((case, said))
            continue
        for token in said.telling:
            by_token.setdefault(token, []).append(len(groups))
        groups.append([(case, said)])
    return groups


def _candidates(
    district: int, said: Told, rows: QuerySet[Case], oldest: int, older_than: int | None
) -> set[int]:
    """By the place, and by the words; up to three queries."""
    found, near = set[int](), []
    if said.subject:
        near.append(rows.filter(subject=said.subject))
    if said.area and said.category:
        near.append(rows.filter(area=said.area, category=said.category))
    for there in near:
        found |= set(there.order_by("-pk").values_list("pk", flat=True)[:_NEAR])
    asked = sorted(said.telling)[:_ASKED]
    if asked:
        # Said of the status as the indexes of open cases say it, else PostgreSQL reads all cases.
        still_open = "c.closed_at IS NULL AND NOT (c.status = 'closed')"
        where: list[find.Clause] = [
            (f"c.district_id = %s AND c.sealed = %s AND {still_open}", [district, False]),
            ("s.{key} >= %s", [oldest]),
        ]
        found |= set(
            find.matching(find.some(asked), where=where, before=older_than, limit=_LOOKED_AT)
        )
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """What a case tells: for comparing, and as lists show it."""

    case: int
    told: Told
    text: str


def _said(district: int, cases: QuerySet[Case], *, summaries_only: bool = False) -> list[Said]:
    """What is known of each: a few columns only, for most are looked at and left. A case that
    nobody sorted has the category of its words. Two queries."""
    columns = ("pk", "area", "subject", "category", "status", "summary", "told")
    rows = list(cases.values_list(*columns))
    if not rows:
        return []
    known = categories(district)
    areas = registry.area_names({area for _, area, *_ in rows if area})
    subjects = registry.subject_names({subject for _, _, subject, *_ in rows if subject})
    kept = {pk: (summary, None if summaries_only else told) for pk, *_, summary, told in rows}
    words = _words(kept)
    found = []
    for pk, area, subject, category, status, *_ in rows:
        text = "\n".join(words[pk])
        names = (subjects.get(subject or 0, ""), areas.get(area or 0, ""))
        told = Told(
            text=text,
            area=area,
            subject=subject,
            category=category or guess(known, text),
            names=tuple(name for name in names if name),
            sorted=status != Status.NEW,
        )
        found.append(Said(pk, told, words[pk][0] if words[pk] else ""))
    return found


def _words(kept: Mapping[int, tuple[int | None, int | None]]) -> dict[int, tuple[str, ...]]:
    """By case the desk's summary and what its first reporter wrote; one query."""
    texts = vault.read_texts({id for both in kept.values() for id in both if id})
    return {
        case: tuple(text for id in both if id and (text := texts[id]))
        for case, both in kept.items()
    }
