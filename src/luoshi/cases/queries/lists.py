"""The lists that people work through. Each costs three queries for 20 rows or for 20,000."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import F, Q, QuerySet

from luoshi.cases.models import Case
from luoshi.cases.queries.lines import Page, lines, moment_key, read_moment_key
from luoshi.rules.state import Extension, Status

PAGE = 30

OPEN = Case.objects.filter(~Q(status=Status.CLOSED))
"""Said as the partial indexes say it, even where a status says as much, so that they serve."""


def inbox(
    district: int,
    *,
    sealed: bool = False,
    without: Collection[int] = (),
    after: str = "",
    limit: int = PAGE,
) -> Page:
    """What waits for triage, the longest waiting first. `sealed`: the inspection team's own.

    `without` are cases that the reader may not see (`hidden_from`); so it is in every list.
    """
    rows = OPEN.filter(district_id=district, status=Status.NEW, sealed=sealed)
    return _by_time(rows.exclude(pk__in=list(without)), "since", after, limit)


def returned(
    district: int,
    *,
    sealed: bool = False,
    without: Collection[int] = (),
    after: str = "",
    limit: int = PAGE,
) -> Page:
    """Returned cases that wait for a ruling, the longest waiting first."""
    rows = OPEN.filter(district_id=district, status=Status.RETURNED, sealed=sealed)
    return _by_time(rows.exclude(pk__in=list(without)), "since", after, limit)


def extensions_asked(
    district: int,
    *,
    sealed: bool = False,
    without: Collection[int] = (),
    after: str = "",
    limit: int = PAGE,
) -> Page:
    """Cases whose owner asked for more time and waits for an answer, by deadline: once that has
    passed the request counts as refused."""
    rows = OPEN.filter(
        district_id=district, status=Status.HANDLING, extension=Extension.ASKED, sealed=sealed
    )
    return _by_time(rows.exclude(pk__in=list(without)), "deadline", after, limit)


def district_cases(
    district: int,
    *,
    status: str = "",
    area: int | None = None,
    category: str = "",
    sealed: bool = False,
    without: Collection[int] = (),
    after: str = "",
    limit: int = PAGE,
) -> Page:
    """Open cases of the district by what is due first; with a status, those of it."""
    rows = Case.objects.filter(district_id=district).exclude(pk__in=list(without))
    rows = rows.filter(status=status) if status else rows.filter(~Q(status=Status.CLOSED))
    if area:
        rows = rows.filter(area=area)
    if category:
        rows = rows.filter(category=category)
    if not sealed:
        rows = rows.filter(sealed=False)
    if status == Status.CLOSED:
        return _by_id(rows, after, limit)
    return _by_time(rows, "next_at", after, limit)


def newest(district: int, *, after: str = "", limit: int = PAGE) -> Page:
    """All cases of the district, the newest first, without the sealed ones."""
    return _by_id(Case.objects.filter(district_id=district, sealed=False), after, limit)


def unit_cases(
    district: int,
    units: Iterable[int],
    *,
    statuses: Iterable[str] = (Status.ASSIGNED, Status.HANDLING),
    after: str = "",
    limit: int = PAGE,
) -> Page:
    """Cases that these units answer for now, by deadline."""
    rows = Case.objects.filter(
        district_id=district, owner__in=list(units), status__in=list(statuses)
    )
    return _by_time(rows, "deadline", after, limit)


def claimed_for(person: int, *, after: str = "", limit: int = PAGE) -> Page:
    """Claims that this person was drawn to verify."""
    rows = OPEN.filter(verifier=person, status=Status.CLAIMED)
    return _by_time(rows, "next_at", after, limit)


def samples_for(person: int, *, after: str = "", limit: int = PAGE) -> Page:
    """Answers and refusals of the desk that this person was drawn to check."""
    return _by_id(Case.objects.filter(sampler=person, status=Status.CLOSED), after, limit)


def _by_time(rows: QuerySet[Case], name: str, after: str, limit: int) -> Page:
    """Earliest first; cases without such a time come last."""
    found = list(by_time(rows, name, after)[: limit + 1])
    shown = found[:limit]
    return Page(lines(shown), next_by_time(found, name, limit))


def by_time(rows: QuerySet[Case], name: str, after: str) -> QuerySet[Case]:
    """In this order, what comes after that key."""
    if after:
        at, case = read_moment_key(after)
        later = Q(**{name: None}, pk__gt=case)
        if at is not None:
            same = Q(**{name: at}, pk__gt=case)
            later = Q(**{f"{name}__gt": at}) | same | Q(**{name: None})
        rows = rows.filter(later)
    return rows.order_by(F(name).asc(nulls_last=True), "pk")


def next_by_time(found: Sequence[Case], name: str, limit: int) -> str | None:
    """The key behind a page of `limit`, when one more was found."""
    if len(found) <= limit:
        return None
    last = found[limit - 1]
    return moment_key(getattr(last, name), last.pk)


def _by_id(rows: QuerySet[Case], after: str, limit: int) -> Page:
    """Newest first."""
    if after:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk")[: limit + 1])
    shown = found[:limit]
    return Page(lines(shown), str(shown[-1].pk) if len(found) > limit else None)
