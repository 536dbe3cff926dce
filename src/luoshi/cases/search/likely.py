"""Open cases that may be about the same problem, and new ones that came in a storm."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from luoshi.cases.models import Case, Report
from luoshi.cases.queries.catalogue import categories, guess
from luoshi.cases.queries.lines import Line, lines
from luoshi.cases.search import find
from luoshi.cases.search.alike import Fit, Told, fit
from luoshi.infra.ids import new_id
from luoshi.registry import queries as registry
from luoshi.rules.guards import MERGEABLE
from luoshi.rules.state import Resolution, State, Status
from luoshi.trust import vault

DAYS = 90
"""How far back an open case is taken for the same."""
MOST = 5
STORM = 3
"""From so many alike on, new cases are shown as one line."""
STORM_DAYS = 3
_LOOKED_AT = 100
"""Candidates by words, the newest; those of the same place come beside them."""
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

    lines: tuple[Line, ...]
    category: str  # as the desk sorted one of them, else what the words speak of
    area: int | None
    subject: int | None

    @property
    def cases(self) -> tuple[int, ...]:
        return tuple(line.id for line in self.lines)


def likely(
    district: int,
    said: Told,
    *,
    now: datetime,
    statuses: Collection[Status] = MERGEABLE,
    older_than: int | None = None,
    without: Collection[int] = (),
    limit: int = MOST,
) -> tuple[Likely, ...]:
    """Up to `limit` open cases of the last 90 days that fit, the best first.

    Never a sealed one, a part of a split one, or one of `without`. Some ten queries.
    """
    oldest = new_id(now=now - timedelta(days=DAYS))
    rows = Case.objects.filter(~Q(status=Status.CLOSED), district_id=district, pk__gte=oldest)
    rows = rows.filter(sealed=False, parent=None, children=0, status__in=sorted(statuses))
    rows = rows.exclude(pk__in=list(without))
    if older_than:
        rows = rows.filter(pk__lt=older_than)
    found = list(rows.filter(pk__in=_candidates(district, said, rows, oldest, older_than)))
    fits = ((line, fit(said, other)) for line, other in _said(district, found))
    best = [Likely(line, good) for line, good in fits if good]
    return tuple(sorted(best, key=lambda one: (-one.fit.score, one.line.id))[:limit])


def likely_to(case: int, *, now: datetime, without: Collection[int] = ()) -> tuple[Likely, ...]:
    """Older open cases into which this one could be merged, the best first. Some 15 queries."""
    row = Case.objects.filter(pk=case, sealed=False).first()
    if row is None or row.status not in MERGEABLE:
        return ()
    said = _said(row.district_id, [row])[0][1]
    open_to = MERGEABLE - {Status.NEW} if row.was_assigned else MERGEABLE
    return likely(
        row.district_id, said, now=now, statuses=open_to, older_than=row.pk, without=without
    )


def closed_lately(id: int, *, now: datetime) -> tuple[Line, ...]:
    """Cases of the very same place that were closed within the days of recurrence: it may have
    come back. Those of the same category first. Up to three queries."""
    case = Case.objects.filter(pk=id).first()
    if case is None or not case.subject:
        return ()
    since = now - timedelta(days=settings.RECURRENCE_DAYS)
    rows = Case.objects.filter(
        district_id=case.district_id,
        subject=case.subject,
        status=Status.CLOSED,
        sealed=False,
        parent=None,
        merged_into=None,
        closed_at__gte=since,
    ).exclude(resolution=Resolution.MERGED)
    found = list(rows.exclude(pk=case.pk).order_by("-pk")[:20])
    same = [row for row in found if row.category == case.category]
    return lines([*same, *(row for row in found if row not in same)][:STORM])


def like_target(
    target: Case, *, since: datetime, now: datetime, without: Collection[int] = ()
) -> tuple[int, ...]:
    """New cases received since then that are like this one, the oldest first."""
    new = (
        _unsorted(target.district_id, since).filter(pk__gt=target.pk).exclude(pk__in=list(without))
    )
    found = list(new.order_by("pk")[:_UNSORTED])
    if not found:
        return ()
    (_, wanted), *others = _said(target.district_id, [target, *found])
    return tuple(line.id for line, said in others if fit(wanted, said))


def storms(
    district: int, *, now: datetime, without: Collection[int] = (), least: int = STORM
) -> tuple[Storm, ...]:
    """New cases of the last days that are alike, the largest group first; each case in one.

    Whatever the size of the district, the newest 300 untouched cases and a handful of queries.
    """
    new = _unsorted(district, now - timedelta(days=STORM_DAYS))
    found = list(new.exclude(pk__in=list(without)).order_by("-pk")[:_UNSORTED])[::-1]
    groups = _grouped(_said(district, found))
    large = [group for group in groups if len(group) >= least]
    return tuple(sorted((_storm(group) for group in large), key=lambda s: -len(s.lines)))


def _unsorted(district: int, since: datetime) -> QuerySet[Case]:
    """New cases that stand for themselves: nothing was merged into them yet."""
    rows = Case.objects.filter(~Q(status=Status.CLOSED), district_id=district)
    rows = rows.filter(status=Status.NEW, pk__gte=new_id(now=since), sealed=False)
    return rows.filter(parent=None, children=0, absorbed=0, reopened=0)


def _storm(group: Sequence[tuple[Line, Told]]) -> Storm:
    def known(name: str) -> object:
        return next((value for _, said in group if (value := getattr(said, name))), None)

    return Storm(
        lines=tuple(line for line, _ in group),
        category=str(known("category") or ""),
        area=known("area"),  # type: ignore[arg-type]
        subject=known("subject"),  # type: ignore[arg-type]
    )


def _grouped(found: Iterable[tuple[Line, Told]]) -> list[list[tuple[Line, Told]]]:
    """Each case goes to the group whose first case it fits best. Only groups that share a telling
    token are compared, so that three hundred different cases cost little."""
    groups: list[list[tuple[Line, Told]]] = []
    by_token: dict[str, list[int]] = {}
    for line, said in found:
        near = {n for token in said.telling for n in by_token.get(token, ())}
        fits = [(good.score, -n) for n in near if (good := fit(groups[n][0][1], said))]
        if fits:
            groups[-max(fits)[1]].append((line, said))
            continue
        for token in said.telling:
            by_token.setdefault(token, []).append(len(groups))
        groups.append([(line, said)])
    return groups


def _candidates(
    district: int, said: Told, rows: QuerySet[Case], oldest: int, older_than: int | None
) -> set[int]:
    found = set[int]()
    if said.subject:
        there = rows.filter(subject=said.subject).order_by("-pk")
        found |= set(there.values_list("pk", flat=True)[:50])
    if said.area and said.category:
        same = rows.filter(area=said.area, category=said.category).order_by("-pk")
        found |= set(same.values_list("pk", flat=True)[:50])
    asked = sorted(said.telling)[:_ASKED]
    if asked:
        where: list[find.Clause] = [
            ("c.district_id = %s AND c.sealed = %s AND c.closed_at IS NULL", [district, False]),
            ("s.{key} >= %s", [oldest]),
        ]
        found |= set(
            find.matching(find.some(asked), where=where, before=older_than, limit=_LOOKED_AT)
        )
    return found


def _said(district: int, rows: Sequence[Case]) -> list[tuple[Line, Told]]:
    """Lines with what is known of each; a case that nobody sorted has the category of its words."""
    if not rows:
        return []
    known = categories(district)
    areas = registry.area_names({row.area for row in rows if row.area})
    subjects = registry.subject_names({row.subject for row in rows if row.subject})
    told = _first_words(rows)
    found = []
    for line in lines(rows):
        state: State = line.state
        names = (subjects.get(state.subject or 0, ""), areas.get(state.area or 0, ""))
        words = told.get(line.id, "")
        text = line.text if line.text == words else f"{line.text}\n{words}"
        said = Told(
            text=text,
            area=state.area,
            subject=state.subject,
            category=state.category or guess(known, text),
            names=tuple(name for name in names if name),
            sorted=state.status is not Status.NEW,
        )
        found.append((line, said))
    return found


def _first_words(rows: Sequence[Case]) -> dict[int, str]:
    """By case what its first reporter wrote; two queries."""
    reports = Report.objects.filter(case__in=[row.pk for row in rows], track="ordinary")
    first = dict(reports.order_by("-pk").values_list("case", "text"))
    texts = vault.read_texts({text for text in first.values() if text})
    return {case: texts.get(text) or "" for case, text in first.items() if text}
