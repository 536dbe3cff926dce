"""One case, as far as the one who asks may see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from luoshi.cases import gather, taken
from luoshi.cases.gather import Actor, World
from luoshi.cases.models import Case, CaseEvent, Picture, Report
from luoshi.cases.queries.likes import Like, likes
from luoshi.cases.queries.lines import Line, Texts, line_of, lines, text_of, words_of
from luoshi.cases.queries.repeats import Repeat, repeat_of
from luoshi.cases.queries.seen import seen, sees
from luoshi.cases.rows import to_state
from luoshi.cases.store import Held, clock_of
from luoshi.cases.taken import Own
from luoshi.rules.case import possible
from luoshi.rules.deadlines import Calendar
from luoshi.rules.state import Command, Seat, State
from luoshi.trust import vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event for the timeline. `text` is what was written with it, None when erased."""

    id: int
    seq: int
    kind: str
    at: datetime
    seat: str
    person: int | None
    unit: int | None
    data: Mapping[str, Any]
    text: str | None
    explanation: str | None = None  # why a picture of it looks like an earlier one


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInfo:
    """A report as officers see it: no name, no phone, only whether somebody can be reached."""

    id: int
    number: str
    door: str
    track: str
    received_at: datetime
    text: str | None  # None: sealed, or lawfully erased
    has_contact: bool
    reachable: bool
    verdict: str | None
    satisfied: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureInfo:
    id: int
    case: int
    purpose: str
    seat: str
    at: datetime
    width: int
    height: int
    copy: str
    thumb: str  # the same, 480 pixels at most
    report: int | None
    sealed: bool  # of a confidential case
    like: int | None = None  # the earlier picture that it looks like
    explanation: int | None = None  # of that, in the vault
    own: Own | None = None  # of its own time and place; None where that was not judged
    erased: bool = False  # then it has no files any more


@dataclass(frozen=True, slots=True)
class Kin:
    """The family of a case: lines of parent, children, target and merged cases."""

    parent: Line | None
    children: tuple[Line, ...]
    target: Line | None
    merged: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """All that a case page shows to one person, and what he may do now."""

    line: Line
    district: int
    lat: float | None
    lon: float | None
    entries: tuple[Entry, ...]
    reports: tuple[ReportInfo, ...]
    pictures: tuple[PictureInfo, ...]
    likes: Mapping[int, Like]  # by picture, the earlier one that it looks like
    repeat: Repeat | None  # the earlier reply in whose words the last claim was made
    kin: Kin
    seats: frozenset[Seat]
    possible: Mapping[str, str | None]  # command: None when open to him, else why not
    calendar_known: bool  # False: a deadline was reckoned without that year's holidays


def lines_of(cases: Iterable[int]) -> dict[int, Line]:
    """Lines for these cases, whoever asks: what may be shown of them is the caller's to know."""
    return {line.id: line for line in lines(Case.objects.filter(pk__in=set(cases)))}


def merged_cases(case: int) -> list[int]:
    """The cases that were merged into this one."""
    return list(Case.objects.filter(merged_into=case).values_list("pk", flat=True))


def may_open(*, case: int, person: int, now: datetime) -> bool:
    """Whether this person may see the case. Three queries."""
    row = Case.objects.filter(pk=case).first()
    return row is not None and _visible(row, person, gather.world(row.district_id, now))


def case_page(*, case: int, person: int, now: datetime) -> CasePage | None:
    """The page of a case for a person; None when there is none or he may not see it.

    Six queries, whatever the length of its history; some more with parts, with pictures that look
    like earlier ones and with a claim.
    """
    family = {row.pk: row for row in _family(case)}
    row = family.get(case)
    if row is None:
        return None
    state, there = to_state(row), gather.world(row.district_id, now)
    # What CaseUnit says of them, which is an index of the same.
    touched = frozenset(
        unit for near in family.values() if _near(near, row) for unit in near.handlers
    )
    if not sees(state, touched=touched, person=person, there=there):
        return None
    held = Held(row, state, clock_of(row.district_id, now))
    facts = gather.facts(held, Command("look"), actor=Actor(person=person), there=there, now=now)
    target = family.get(row.merged_into or 0)
    if target is not None:
        facts = replace(facts, target=to_state(target))
    events = list(CaseEvent.objects.filter(case=case).order_by("seq").defer("canonical", "nonce"))
    told = list(Report.objects.filter(case__in=family).order_by("pk"))
    texts = _texts(family.values(), told, events)
    kin = _kin(row, [line_of(one, words_of(one, texts)) for one in family.values()])
    here = {case, *(line.id for line in kin.merged)}
    reports = tuple(_report(one, texts) for one in told if one.case_id in here)
    sealed = frozenset[int]() if Seat.INSPECTOR in facts.seats else _confidential(reports)
    shown = tuple(p for p in pictures(sorted(here)) if p.report not in sealed)
    return CasePage(
        line=line_of(row, words_of(row, texts)),
        district=row.district_id,
        lat=_degrees(row.lat),
        lon=_degrees(row.lon),
        entries=tuple(_without_words(_entry(one, texts), sealed) for one in events),
        reports=reports,
        pictures=shown,
        likes=_likes(shown, person, there),
        repeat=_repeat(state, row.pk, person, there),
        kin=kin,
        seats=facts.seats,
        possible=possible(state, facts),
        calendar_known=_known(held.clock[1], state),
    )


def _repeat(state: State, case: int, person: int, there: World) -> Repeat | None:
    return repeat_of(case, state.claims, person=person, there=there) if state.claims else None


def _likes(shown: tuple[PictureInfo, ...], person: int, there: World) -> dict[int, Like]:
    found = {p.id: (p.like, p.explanation) for p in shown if p.like}
    return likes(found, here={p.id for p in shown}, person=person, there=there)


def _confidential(reports: Iterable[ReportInfo]) -> frozenset[int]:
    """A confidential report is sealed whole: what its reporter adds later and his pictures are
    the inspection team's as well, for whoever is accused may be the one who handles the case."""
    return frozenset(report.id for report in reports if report.track == "confidential")


def _without_words(entry: Entry, sealed: frozenset[int]) -> Entry:
    return replace(entry, text=None) if entry.data.get("report") in sealed else entry


def case_of_number(district: int, number: str) -> int | None:
    """The case of a case number or of a report's number; None when there is none."""
    case = Case.objects.filter(district_id=district, number=number.strip()).first()
    if case is not None:
        return case.pk
    report = Report.objects.filter(district_id=district, number=number.strip()).first()
    return report.case_id if report else None


def picture(id: int, *, person: int, now: datetime) -> PictureInfo | None:
    """One picture, as far as this person may see it; None when not. Six queries at most."""
    row = Picture.objects.select_related("case").filter(pk=id).first()
    if row is None:
        return None
    state, there = to_state(row.case), gather.world(row.case.district_id, now)
    if not _visible(row.case, person, there):
        return None
    sealed = row.report and Report.objects.filter(pk=row.report, track="confidential").exists()
    if sealed:
        seats = gather.seats_of(Actor(person=person), row.case, state, there)
        return _picture(row) if Seat.INSPECTOR in seats else None
    return _picture(row)


def pictures(cases: list[int]) -> tuple[PictureInfo, ...]:
    """Every picture of these cases, oldest first; one query."""
    rows = Picture.objects.filter(case__in=cases).select_related("case").order_by("pk")
    return tuple(_picture(row) for row in rows)


def entries(case: int) -> tuple[Entry, ...]:
    """The history of a case in its order; two queries."""
    rows = list(CaseEvent.objects.filter(case=case).order_by("seq").defer("canonical", "nonce"))
    wanted = _written(rows)
    texts = vault.read_texts(wanted) if wanted else {}
    return tuple(_entry(row, texts) for row in rows)


def _written(rows: Iterable[CaseEvent]) -> set[int]:
    return {text for row in rows for text in (_text_of(row), _explained(row)) if text}


def _entry(row: CaseEvent, texts: Texts) -> Entry:
    return Entry(
        id=row.pk,
        seq=row.seq,
        kind=row.kind,
        at=row.at,
        seat=row.seat,
        person=row.person,
        unit=row.unit,
        data=row.data,
        text=texts.get(_text_of(row) or 0),
        explanation=texts.get(_explained(row) or 0),
    )


def _explained(row: CaseEvent) -> int | None:
    found: int | None = row.data.get("explanation")
    return found


def _text_of(row: CaseEvent) -> int | None:
    return row.data.get("text") or (row.data.get("summary") if row.kind != "received" else None)


def _visible(row: Case, person: int, there: World) -> bool:
    return row.pk in seen([row], person=person, there=there)


def _family(case: int) -> list[Case]:
    """The case, its parent, its parts, what it was merged into and what was merged into it, the
    oldest first; one query, each part of which has its index."""
    itself = Case.objects.filter(pk=case)
    ids = itself.values("pk").union(
        itself.values("parent"),
        itself.values("merged_into"),
        Case.objects.filter(parent=case).values("pk"),
        Case.objects.filter(merged_into=case).values("pk"),
    )
    return list(Case.objects.filter(pk__in=ids).order_by("pk"))


def _near(one: Case, row: Case) -> bool:
    """Whether whose people may see the one may see this case: not from what was merged into it."""
    return one.pk in {row.pk, row.parent, row.merged_into} or one.parent == row.pk


def _kin(row: Case, family: Iterable[Line]) -> Kin:
    found = [line for line in family if line.id != row.pk]
    return Kin(
        parent=next((line for line in found if line.id == row.parent), None),
        children=tuple(line for line in found if line.state.parent == row.pk),
        target=next((line for line in found if line.id == row.merged_into), None),
        merged=tuple(line for line in found if line.state.merged_into == row.pk),
    )


def _texts(family: Iterable[Case], told: Iterable[Report], events: Iterable[CaseEvent]) -> Texts:
    """Whatever is shown of them; one query."""
    wanted = {text_of(one) for one in family} | {one.text for one in told}
    found = {text for text in wanted if text} | _written(events)
    return vault.read_texts(found) if found else {}


def _report(row: Report, texts: Texts) -> ReportInfo:
    return ReportInfo(
        id=row.pk,
        number=row.number,
        door=row.door,
        track=row.track,
        received_at=row.received_at,
        text=texts.get(row.text or 0),
        has_contact=row.contact is not None,
        reachable=row.reachable,
        verdict=row.verdict,
        satisfied=row.satisfied,
    )


def _picture(row: Picture) -> PictureInfo:
    return PictureInfo(
        id=row.pk,
        case=row.case_id,
        purpose=row.purpose,
        seat=row.seat,
        at=row.at,
        width=row.width,
        height=row.height,
        copy="" if row.erased_at else row.copy,
        thumb="" if row.erased_at else row.thumb,
        report=row.report,
        sealed=row.case.sealed,
        like=row.like,
        explanation=row.explanation,
        own=taken.from_json(row.own),
        erased=row.erased_at is not None,
    )


def _degrees(value: Any) -> float | None:
    return None if value is None else float(value)


def _known(calendar: Calendar, state: State) -> bool:
    times = (state.deadline, state.next_at)
    return all(t is None or t.astimezone(calendar.tz).year in calendar.known_years for t in times)
