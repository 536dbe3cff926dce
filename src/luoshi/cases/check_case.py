"""What is held against what in one case: pure comparison over rows that were loaded together."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from luoshi.cases.models import Case, CaseEvent, CaseUnit, Picture, Report
from luoshi.cases.rows import NAMES, to_state
from luoshi.cases.store import groups_of
from luoshi.infra import files
from luoshi.rules.evolve import fold
from luoshi.rules.independence import draw, share
from luoshi.rules.state import Event
from luoshi.trust import acts, log, vault
from luoshi.trust.errors import UnknownRecord

Word = tuple[int, datetime]  # of which report, when


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Some cases and all that belongs to them."""

    rows: dict[int, Case]
    events: dict[int, list[CaseEvent]]
    leaves: dict[int, bytes]
    units: dict[int, list[int]]
    reports: dict[int, list[Report]]
    pictures: dict[int, list[Picture]]
    parts: Counter[int | None]
    merged: Counter[int | None]
    erased: set[int]  # pictures whose erasure is on record
    words: dict[Word, bool]  # what reporters said according to history, wherever they said it
    lost_texts: frozenset[int]
    lost_files: frozenset[str]


def load(cases: Sequence[int], *, read_files: bool) -> Around:
    """About a dozen queries for any number of cases."""
    # Reports before events: a verdict read here has its event by then.
    reports = list(Report.objects.filter(case__in=cases).order_by("pk"))
    rows = Case.objects.in_bulk(list(cases))
    events = list(CaseEvent.objects.filter(case__in=cases).order_by("case", "seq"))
    pictures = list(Picture.objects.filter(case__in=cases).order_by("pk"))
    gone = [picture.pk for picture in pictures if picture.erased_at]
    units = CaseUnit.objects.filter(case__in=cases).values_list("case", "unit")
    return Around(
        rows=rows,
        events=_by_case(events),
        leaves=log.leaves(event.leaf for event in events),
        units=_gathered(units),
        reports=_by_case(reports),
        pictures=_by_case(pictures),
        parts=Counter(Case.objects.filter(parent__in=cases).values_list("parent", flat=True)),
        merged=Counter(
            Case.objects.filter(merged_into__in=cases).values_list("merged_into", flat=True)
        ),
        erased=acts.erased_pictures(gone) if gone else set(),
        words=_words(events),
        lost_texts=_lost_texts(rows.values(), events, reports),
        lost_files=frozenset(
            name for p in pictures for name in _files_of(p) if _lost(name, read_files)
        ),
    )


def _by_case(rows: Sequence[Any]) -> dict[int, list[Any]]:
    return _gathered((row.case_id, row) for row in rows)


def _gathered(pairs: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for case, value in pairs:
        found[case].append(value)
    return found


def _words(events: Sequence[CaseEvent]) -> dict[Word, bool]:
    """Said here, or in the cases that these were merged into at some time."""
    targets = {event.data.get("target") for event in events if event.kind == "merged"}
    here = [event for event in events if event.kind == "verdict_given"]
    there = CaseEvent.objects.filter(case__in=targets, kind="verdict_given") if targets else ()
    return {
        (event.data["report"], event.at): bool(event.data.get("solved"))
        for event in (*here, *there)
        if "report" in event.data
    }


def _lost_texts(
    rows: Any, events: Sequence[CaseEvent], reports: Sequence[Report]
) -> frozenset[int]:
    wanted = {row.summary for row in rows} | {text for e in events for text in _texts(e)}
    wanted |= {row.text for row in reports} | {row.contact for row in reports}
    try:
        vault.read_texts(text for text in wanted if text)
    except UnknownRecord as unknown:
        return frozenset(unknown.args)
    return frozenset()


def _texts(event: CaseEvent) -> list[int]:
    keys = ("text", "summary", "explanation")
    return [event.data[key] for key in keys if isinstance(event.data.get(key), int)]


def _files_of(picture: Picture) -> set[str]:
    """Of a small picture the copy for lists is the copy itself; an erased one has none, or has them
    until the worker comes to it."""
    if picture.erased_at:
        return set()
    return {picture.copy, picture.thumb, picture.original}


def _lost(name: str, read: bool) -> bool:
    try:
        if read:
            files.get(name)
        return not files.path(name).is_file()
    except files.FileError:
        return True


# ---- What is wrong with one case ----


def case_faults(case: int, around: Around) -> Iterator[str]:
    """In plain words, each thing that does not add up."""
    row, events = around.rows[case], around.events.get(case, [])
    yield from _history(row, events)
    for event in events:
        yield from _commitment(event, around.leaves.get(event.leaf))
        if event.kind in {"drawn", "sample_drawn"}:
            yield from _drawn_again(row, event)
    yield from _family(row, around)
    yield from _reports(row, events, around)
    yield from _evidence(row, events, around)
    for text in sorted(around.lost_texts & _texts_of(row, events, around)):
        yield f"text {text} is gone from the vault"


def _history(row: Case, events: Sequence[CaseEvent]) -> Iterator[str]:
    numbers = [event.seq for event in events]
    if numbers != list(range(1, len(events) + 1)):
        yield f"its events are numbered {numbers}"
    if row.seq != len(events):
        yield f"the row counts {row.seq} events, there are {len(events)}"
    try:
        folded = fold((Event(event.kind, event.data), event.at) for event in events)
        differ = [n for n in NAMES if getattr(folded, n) != getattr(to_state(row), n)]
    except Exception as problem:
        yield f"its history cannot be read: {type(problem).__name__} {problem}"
        return
    if differ:
        yield f"row and history differ in {', '.join(differ)}"


def _commitment(event: CaseEvent, leaf: bytes | None) -> Iterator[str]:
    try:
        again = log.commit(groups=groups_of(event), nonce=bytes(event.nonce))
    except ValueError as problem:
        yield f"event {event.seq} cannot be committed to: {problem}"
        return
    if again.canonical != bytes(event.canonical):
        yield f"event {event.seq} is not what was written: its canonical bytes differ"
    if leaf is None:
        yield f"the log has no leaf {event.leaf} for event {event.seq}"
    elif leaf != again.leaf:
        yield f"the log has another leaf for event {event.seq}"


def _drawn_again(row: Case, event: CaseEvent) -> Iterator[str]:
    """A draw that was never made by the rule can be committed to as well as one that was."""
    drawn = event.data
    if not {"person", "pool", "seed", "percent"} <= drawn.keys():
        yield f"event {event.seq} does not say how it was drawn"
        return
    if draw(pool=drawn["pool"], seed=drawn["seed"]) != drawn["person"]:
        yield f"event {event.seq} names somebody whom its seed does not draw from its pool"
    fell = share(case=row.pk, seed=drawn["seed"], percent=drawn["percent"])
    # A sample is on record only where the share fell on the case.
    if fell is not drawn.get("raised", True):
        yield f"event {event.seq} says otherwise than its seed on whom the share fell"


def _family(row: Case, around: Around) -> Iterator[str]:
    if sorted(around.units.get(row.pk, [])) != sorted(row.handlers):
        yield "the units that may see it are not those that handled it"
    if around.parts[row.pk] != row.children:
        yield f"it was split into {row.children} parts, there are {around.parts[row.pk]}"
    if around.merged[row.pk] != row.absorbed:
        yield f"it absorbed {row.absorbed} cases, {around.merged[row.pk]} point to it"


def _reports(row: Case, events: Sequence[CaseEvent], around: Around) -> Iterator[str]:
    named = {e.data.get("report") for e in events if e.kind in {"received", "joined"}} - {None}
    there = {report.pk: report for report in around.reports.get(row.pk, [])}
    for report in sorted(named - there.keys()):
        yield f"report {report} is gone"
    for report in sorted(there.keys() - named):
        yield f"report {report} came in without an event"
    first = next((report for _, report in sorted(there.items())), None)
    if row.told != (first.text if first else None):
        yield "its lists show the words of another report than its first"
    if row.door != (first.door if first else ""):
        yield "its lists show another door than that of its first report"
    for report in there.values():
        if report.verdict in {"solved", "unsolved"}:
            said = around.words.get((report.pk, report.verdict_at or row.received_at))
            if said is not (report.verdict == "solved"):
                yield f"report {report.pk} says {report.verdict}, its history does not"


def _evidence(row: Case, events: Sequence[CaseEvent], around: Around) -> Iterator[str]:
    there = around.pictures.get(row.pk, [])
    named = {picture for event in events for picture in event.data.get("pictures", ())}
    for picture in sorted(named - {picture.pk for picture in there}):
        yield f"picture {picture} is gone"
    for picture in there:
        if picture.erased_at and picture.pk not in around.erased:
            yield f"picture {picture.pk} is gone, and nobody put down that he erased it"
        for name in sorted(_files_of(picture) & around.lost_files):
            yield f"file {name} of picture {picture.pk} is missing or damaged"


def _texts_of(row: Case, events: Sequence[CaseEvent], around: Around) -> frozenset[int]:
    reports = around.reports.get(row.pk, [])
    found = {row.summary, *(text for event in events for text in _texts(event))}
    found |= {report.text for report in reports} | {report.contact for report in reports}
    return frozenset(text for text in found if text)
