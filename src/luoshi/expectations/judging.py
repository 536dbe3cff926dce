"""Judging by rule, for many subjects at once: figures, records and dates.

One or two queries for each expectation and chunk of subjects, whatever their number.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from json import dumps, loads
from typing import Any

from django.db.models import Max, Min
from django.utils import timezone

from luoshi.expectations.models import FigureKind, Kind, Latest, Proof, Record, RecordKind, Version
from luoshi.expectations.periods import period_end
from luoshi.registry import queries as registry
from luoshi.rules.deadlines import Calendar, is_working
from luoshi.rules.expectations import (
    Figure,
    Judged,
    Method,
    Result,
    compile_figure,
    due_dates,
    judge_date,
    judge_figure,
    judge_record,
)

Facts = Mapping[int, Mapping[str, Any]]
"""For each subject what is known of it, by the codes of its kind's facts."""

BY_RULE = frozenset({Method.FIGURE, Method.RECORD, Method.DATE})


def judge(version: Version, subjects: Facts, *, on: date) -> dict[int, Judged]:
    """What the rule of this version says of each subject on that day."""
    by = {Method.FIGURE: _figures, Method.RECORD: _records, Method.DATE: _dates}
    return by[Method(version.expectation.method)](version, subjects, on)


# ---- Figures ----


@lru_cache(maxsize=2_000)
def _compiled(spec: str, units: str) -> Figure:
    return compile_figure(loads(spec), loads(units))


def figure_of(version: Version) -> tuple[Figure, dict[str, FigureKind]]:
    """The compiled expectation and the kinds of figure that it names; two queries."""
    units, kinds = _units(version.district, version.expectation.kind)
    return _compiled(dumps(version.spec, sort_keys=True), units), kinds


def _units(district: int, kind: str) -> tuple[str, dict[str, FigureKind]]:
    kinds = {row.code: row for row in FigureKind.objects.filter(district=district, kind=kind)}
    # Whatever is no figure is a fact of the subject, a number in the unit that its kind declares.
    units = {**_number_facts(district, kind), **{code: row.unit for code, row in kinds.items()}}
    return dumps(units, sort_keys=True), kinds


def _number_facts(district: int, kind: str) -> dict[str, str]:
    """Code and unit of the facts that are numbers."""
    row = Kind.objects.filter(district=district, code=kind).first()
    facts = row.facts if row else []
    return {f["code"]: f.get("unit", "") for f in facts if f.get("type") == "number"}


def judge_if(
    versions: Sequence[Version],
    subject: registry.SubjectInfo,
    *,
    period: str,
    values: Mapping[str, float | None],
) -> list[Judged]:
    """What each of these figure expectations would say of a subject if `values` were reported
    for `period`; three queries, nothing is written. Raises BadPeriod."""
    if not versions:
        return []
    units, kinds = _units(versions[0].district, subject.kind)
    end = period_end(period)
    rows = Latest.objects.filter(kind__in=[row.pk for row in kinds.values()], subject=subject.id)
    last = {code: (code, e, p, v) for code, e, p, v in rows.values_list(
        "kind__code", "period_end", "period", "value")}  # fmt: skip
    for code, value in values.items():
        if code not in last or last[code][1] <= end:
            last[code] = (code, end, period, value)
    found = []
    for version in versions:
        figure = _compiled(dumps(version.spec, sort_keys=True), units)
        told = [last[name] for name in figure.names if name in last]
        found.append(_figure(figure, told, subject.facts))
    return found


def _figures(version: Version, subjects: Facts, on: date) -> dict[int, Judged]:
    figure, kinds = figure_of(version)
    wanted = {kinds[name].pk: name for name in figure.names if name in kinds}
    rows = Latest.objects.filter(kind__in=wanted)
    if len(subjects) < 500:
        rows = rows.filter(subject__in=list(subjects))
    else:
        rows = rows.filter(subject__gte=min(subjects), subject__lte=max(subjects))
    reported: dict[int, list[tuple[str, date, str, float | None]]] = defaultdict(list)
    for kind, subject, end, period, value in rows.values_list(
        "kind", "subject", "period_end", "period", "value"
    ):
        reported[subject].append((wanted[kind], end, period, value))
    return {
        subject: _figure(figure, reported.get(subject, ()), facts)
        for subject, facts in subjects.items()
    }


def _figure(figure: Figure, reported: Any, facts: Mapping[str, Any]) -> Judged:
    """Only figures of one period are set beside each other: the last that anything tells of."""
    period, last = "", date.min
    for _name, end, text, _value in reported:
        if end > last:
            period, last = text, end
    values: dict[str, float | None] = {
        name: facts[name]
        for name in figure.names
        if isinstance(facts.get(name), int | float) and not isinstance(facts[name], bool)
    }
    values.update({name: value for name, end, _text, value in reported if end == last})
    return judge_figure(figure, values, period=period)


# ---- Records ----


def _records(version: Version, subjects: Facts, on: date) -> dict[int, Judged]:
    spec = version.spec
    kinds = RecordKind.objects.filter(
        district=version.district, kind=version.expectation.kind, code=spec["record"]
    )
    last: dict[int, date] = dict(
        Record.objects.filter(
            kind__in=kinds,
            on__lte=on,
            subject__gte=min(subjects),
            subject__lte=max(subjects),
        )
        .values("subject")
        .annotate(last=Max("on"))
        .values_list("subject", "last")
    )
    working = _working(version.district) if spec.get("working_days") else None
    # Who never kept one is not behind before anybody here demanded it: an expectation of 2020 that
    # is installed today is owed from today on. A later version forgives nothing.
    first = Version.objects.filter(expectation=version.expectation_id).aggregate(at=Min("at"))["at"]
    told = max(version.valid_from, timezone.localtime(first).date())
    return {
        subject: judge_record(
            within=spec["within"],
            last=last.get(subject),
            since=version.valid_from if subject in last else told,
            on=on,
            working=working,
        )
        for subject in subjects
    }


def _working(district: int) -> Callable[[date, int], date]:
    calendar = registry.calendar(district)
    return lambda day, n: _nth(calendar, day, n)


def _nth(calendar: Calendar, day: date, n: int) -> date:
    while n:
        day += timedelta(days=1)
        n -= is_working(calendar, day)
    return day


# ---- Dates ----


def _dates(version: Version, subjects: Facts, on: date) -> dict[int, Judged]:
    rows = (
        Proof.objects.filter(
            expectation=version.expectation_id,
            subject__gte=min(subjects),
            subject__lte=max(subjects),
        )
        .values("subject", "due")
        .annotate(first=Min("on"))
        .values_list("subject", "due", "first")
    )
    proofs: dict[int, dict[date, date]] = defaultdict(dict)
    for subject, due, first in rows:
        proofs[subject][due] = first
    return {
        subject: _date(version, facts, proofs.get(subject, {}), on)
        for subject, facts in subjects.items()
    }


def _date(
    version: Version, facts: Mapping[str, Any], proofs: Mapping[date, date], on: date
) -> Judged:
    """The last date that was due and is unmet, else the last met, else the next."""
    first = first_due(version.spec, facts)
    if first is None:
        return Judged(Result.UNKNOWN, "missing", missing=(version.spec.get("fact", "due"),))
    days = due_dates(due=first, repeat=version.spec.get("repeat"), on=on, since=version.valid_from)
    if version.valid_to is not None:
        days = tuple(day for day in days if day < version.valid_to)
    judged = [judge_date(due=day, proof=proofs.get(day), on=on) for day in days]
    if not judged:
        return Judged(Result.NA, "not_due")
    order = (Result.UNMET, Result.MET, Result.WAITING)
    return next(found for result in order for found in reversed(judged) if found.result is result)


def first_due(spec: Mapping[str, Any], facts: Mapping[str, Any]) -> date | None:
    """The first date due: named by the expectation, or a fact of the subject."""
    text = spec.get("due") or facts.get(spec.get("fact", ""))
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def judge_period(version: Version, subject: int, period: str, *, on: date) -> Judged:
    """The same, now, of the very date that was missed; other methods look at what counts now."""
    if version.expectation.method == Method.DATE and period:
        due = date.fromisoformat(period)
        proofs = Proof.objects.filter(
            expectation=version.expectation_id, subject=subject, due=due
        ).aggregate(first=Min("on"))
        return judge_date(due=due, proof=proofs["first"], on=on)
    facts = registry.subjects_by_id([subject])
    return judge(version, {id: info.facts for id, info in facts.items()}, on=on)[subject]
