"""Figures of a district over a period, from the history of its cases."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from luoshi.cases.models import Case, CaseEvent, Report
from luoshi.rules.figures import Figures, History, Step, figures
from luoshi.rules.state import Origin, Resolution, Status

CHUNK = 500
KINDS = frozenset(
    {"received", "assigned", "answered", "declined", "acknowledged", "returned", "contacted",
     "claimed", "verified", "verdict_given", "reopened", "sample_checked", "closed"}
)  # fmt: skip


def district_figures(
    district: int, *, since: datetime, until: datetime, sealed: bool = True
) -> Figures:
    """Over cases received in [since, until), a family once; six queries for each 500 cases.
    `sealed`: with confidential ones."""
    return figures(histories(district, since=since, until=until, sealed=sealed), now=until)


def histories(
    district: int, *, since: datetime, until: datetime, sealed: bool = True
) -> Iterator[History]:
    """The history of every family received in the period, old ledger rows left out."""
    roots = Case.objects.filter(
        district_id=district,
        received_at__gte=since,
        received_at__lt=until,
        parent=None,
        merged_into=None,
    )
    roots = roots if sealed else roots.filter(sealed=False)
    # A ledger row that nobody took up again is in no rate; once reopened it is a case like others.
    ids = list(roots.exclude(origin=Origin.LEDGER, reopened=0).values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        yield from _chunk(ids[start : start + CHUNK])


def _chunk(ids: Sequence[int]) -> Iterator[History]:
    cases = Case.objects.in_bulk(ids)
    events = CaseEvent.objects.filter(case__in=ids, kind__in=KINDS).order_by("case", "seq")
    # What was merged into a case is of its family: its reporters have their verdict there.
    merged = dict(Case.objects.filter(merged_into__in=ids).values_list("pk", "merged_into"))
    words: dict[int, list[Report]] = {}
    for report in Report.objects.filter(case__in=[*ids, *merged]):
        words.setdefault(merged.get(report.case_id) or report.case_id, []).append(report)
    again = set(_repeated(Case.objects.filter(pk__in=ids)).values_list("pk", flat=True))
    for case, found in groupby(events.defer("canonical", "nonce"), key=lambda e: e.case_id):
        yield _history(cases[case], list(found), words.get(case, []), repeated=case in again)


def _repeated(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Of these the closed ones after which, within the days of recurrence, the same category was
    reported at the same place: the same subject, or without one the same area.

    Reports of the very subject and category reopen the case; these are the ones that were only
    classified later, or came while it could not be reopened. What was found to be nothing, or
    fell to nobody here, is no repetition.
    """
    days = timedelta(days=settings.RECURRENCE_DAYS)
    until = ExpressionWrapper(OuterRef("closed_at") + days, output_field=DateTimeField())
    later = (
        Case.objects.filter(
            district_id=OuterRef("district_id"),
            category=OuterRef("category"),
            received_at__gt=OuterRef("closed_at"),
            received_at__lte=until,
        )
        .exclude(origin=Origin.LEDGER)
        .exclude(resolution__in=(Resolution.DECLINED, Resolution.UNFOUNDED))
        .filter(Q(parent=None) | ~Q(parent=OuterRef("pk")))
    )
    same_subject = Exists(later.filter(subject=OuterRef("subject")))
    same_area = Exists(later.filter(subject=None, area=OuterRef("area")))
    closed = rows.filter(closed_at__isnull=False).exclude(category="")
    return closed.filter(
        Q(same_subject, subject__isnull=False) | Q(same_area, subject=None, area__isnull=False)
    )


def _history(
    row: Case, events: list[CaseEvent], reports: list[Report], *, repeated: bool
) -> History:
    first = {event.kind: event for event in reversed(events)}
    start = first.get("received") or (first.get("reopened") if row.origin == "ledger" else None)
    held = _held(row, events)
    said = _spoken(events, reports)
    verified = [event.data["passed"] for event in events if event.kind == "verified"]
    at_desk = not row.was_assigned and row.resolution in {
        Resolution.ANSWERED,
        Resolution.DECLINED,
    }
    return History(
        received_at=row.received_at if row.origin != "ledger" or start is None else start.at,
        was_assigned=row.was_assigned,
        closed=row.status == Status.CLOSED and row.resolution != Resolution.UNVERIFIED,
        triage=_step(start, "triage", _earliest(first, "assigned", "answered", "declined")),
        acknowledge=_step(
            first.get("assigned"), "acknowledge", _earliest(first, "acknowledged", "returned")
        ),
        contact=_step(first.get("acknowledged"), "contact", _earliest(first, "contacted")),
        deadline=row.deadline,
        original_deadline=row.original_deadline,
        held_claim_at=held[0],
        held_verification_at=held[1],
        reopened=row.reopened - (row.origin == "ledger"),
        verified=verified,
        asked=any(verified) and any(report.reachable for report in reports),
        verdicts=[report.verdict == "solved" for report in said],
        satisfied=[report.satisfied for report in said if report.satisfied is not None],
        at_desk=at_desk,
        disputed=row.disputed,
        sampled=[event.data["right"] for event in events if event.kind == "sample_checked"],
        repeated=repeated,
    )


def _spoken(events: list[CaseEvent], reports: list[Report]) -> list[Report]:
    """Those whose reporter gave his word.

    Whoever said "not solved" and was silent when he was asked again did not take it back: a case
    that ends because he gave up is not better than what he said.
    """
    words = {e.data.get("report"): e.data["solved"] for e in events if e.kind == "verdict_given"}
    return [
        report
        for report in reports
        if report.verdict in {"solved", "unsolved"} or words.get(report.pk) is False
    ]


def _earliest(first: dict[str, CaseEvent], *kinds: str) -> datetime | None:
    return min((first[kind].at for kind in kinds if kind in first), default=None)


def _step(start: CaseEvent | None, due: str, done: datetime | None) -> Step | None:
    """The due time as it was written into the event that started it."""
    if start is None or start.data.get("due_kind") != due:
        return None
    return Step(due=datetime.fromisoformat(start.data["next_at"]), done=done)


def _held(row: Case, events: list[CaseEvent]) -> tuple[datetime | None, datetime | None]:
    """When the claim that stands was made and when it was verified."""
    if row.status != Status.CLOSED or not row.passed:
        return None, None
    passed = [e.at for e in events if e.kind == "verified" and e.data["passed"]]
    if not passed:
        return None, None
    claims = [e.at for e in events if e.kind == "claimed" and e.at <= passed[-1]]
    return (claims[-1] if claims else None), passed[-1]
