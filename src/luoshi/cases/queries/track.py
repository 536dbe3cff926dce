"""What a reporter sees of his own report, and how he proves that it is his."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime

from luoshi.cases.models import Case, Report
from luoshi.cases.queries.lines import Line, lines
from luoshi.cases.queries.one import Entry, PictureInfo, entries, pictures
from luoshi.cases.store import clock_of
from luoshi.infra import direct
from luoshi.rules.deadlines import deadline
from luoshi.rules.state import State
from luoshi.trust import codes, vault
from luoshi.trust.errors import BadCode, BadPhone

PUBLIC = frozenset(
    {
        "received", "joined", "answered", "declined", "assigned", "transferred", "acknowledged",
        "returned", "ruled", "contacted", "asked", "replied", "extension_asked",
        "extension_decided", "claimed", "return_declined", "claim_withdrawn", "verified",
        "verdict_given", "lapsed", "concluded", "deferred", "resumed", "escalated", "missed",
        "closed", "reopened", "merged", "unmerged", "split", "inspected", "sample_checked",
    }
)  # fmt: skip
"""Events that a reporter sees. What officers note among themselves is not among them."""

WITH_TEXT = frozenset(
    {"answered", "declined", "asked", "replied", "claimed", "extension_decided", "concluded",
     "deferred", "verified", "verdict_given", "reopened"}
)  # fmt: skip
"""Of these, the ones whose words are meant for the reporter as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """A report as its reporter sees it: his words, where it stands, who owes what until when.

    `case` is the line of the case that his report follows now (the target, once merged);
    `joined`: it is one that others reported first. `heard`: he can be asked for his verdict.
    """

    report: int
    number: str
    district: int
    track: str
    received_at: datetime
    text: str | None
    case: Line
    state: State
    entries: tuple[Entry, ...]
    pictures: tuple[PictureInfo, ...]
    verdict: str | None
    joined: bool
    heard: bool
    may_give_verdict: bool
    may_dispute: bool


def by_code(district: int, code: str) -> int | None:
    """The report of an access code, typed in any of the tolerated ways; None when none has it."""
    try:
        hashed = codes.code_hash(codes.normalise(code))
    except BadCode:
        return None
    found = direct.select(
        "SELECT id FROM cases_report WHERE district_id = %s AND code_hash = %s LIMIT 1",
        [district, hashed],
    )
    return found[0][0] if found else None


def by_phone(district: int, number: str, phone: str) -> int | None:
    """The report with this number, if it was made from this phone; None when not."""
    row = Report.objects.filter(district_id=district, number=number.strip()).first()
    if row is None or row.phone_tag is None:
        return None
    try:
        tag = vault.phone_tag(number=row.number, phone=phone)
    except BadPhone:
        return None
    return row.pk if hmac.compare_digest(bytes(row.phone_tag), tag) else None


def by_link(token: str, *, now: datetime) -> int | None:
    """The report of a one-time link that is still good; None when it is used, late or unknown."""
    hashed = codes.token_hash(token)
    return _only(Report.objects.filter(link_hash=hashed, link_until__gte=now).first())


def _only(row: Report | None) -> int | None:
    return row.pk if row else None


def tracked(report: int, *, now: datetime) -> Tracked:
    """What the reporter may see. A constant number of queries."""
    row = Report.objects.select_related("case").get(pk=report)
    own = case = row.case
    if own.merged_into:
        case = Case.objects.get(pk=own.merged_into)
    history = entries(case.pk)
    if case.pk != own.pk:
        history = _since_merge(own.pk, entries(own.pk), history)
    line = lines([case])[0]
    state = line.state
    voted = row.verdict_claim == state.claims and row.verdict in {"solved", "unsolved"}
    return Tracked(
        report=row.pk,
        number=row.number,
        district=row.district_id,
        track=row.track,
        received_at=row.received_at,
        text=vault.read_text(row.text) if row.text else None,
        case=line,
        state=state,
        entries=_for_reporter(history, row.pk),
        pictures=tuple(p for p in pictures([row.case_id, case.pk]) if _his(p, row.pk)),
        verdict=row.verdict,
        joined=case.pk != own.pk,
        heard=row.reachable,
        may_give_verdict=state.status == "verdict" and row.reachable and not voted,
        may_dispute=_may_dispute(case.district_id, state, now),
    )


def _may_dispute(district: int, state: State, now: datetime) -> bool:
    """While the window for reopening is open; a part of a case is disputed as the whole."""
    if state.closed_at is None or state.parent:
        return False
    terms, calendar = clock_of(district, now)
    return now <= deadline(calendar, state.closed_at, terms.reopen_window).at


def _since_merge(case: int, own: tuple[Entry, ...], common: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """His own case until it was merged, then the common one: what happened there before is about
    others' reports."""
    merged = max(e.seq for e in own if e.kind == "merged")
    taken = max(e.seq for e in common if e.kind == "absorbed" and e.data.get("case") == case)
    return (*(e for e in own if e.seq <= merged), *(e for e in common if e.seq > taken))


def _for_reporter(found: tuple[Entry, ...], report: int) -> tuple[Entry, ...]:
    kept = []
    for entry in found:
        if entry.kind not in PUBLIC:
            continue
        other = entry.data.get("report", report) != report
        if other and entry.kind in {"replied", "verdict_given", "joined", "reopened"}:
            continue
        text = entry.text if entry.kind in WITH_TEXT else None
        kept.append(replace(entry, text=text, person=None))
    return tuple(kept)


def _his(picture: PictureInfo, report: int) -> bool:
    """His own pictures, and those by which somebody claims or verifies that it is done."""
    return picture.report == report or picture.purpose in {"claim", "verify"}
