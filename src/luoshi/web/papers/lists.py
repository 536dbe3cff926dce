"""Lists and ledgers as rows of words: findings, duties, rectification, look-back, open problems.

Of a case only what its reader could open is printed, as on the pages of fields.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.cases import queries as cases
from luoshi.cases.queries import Course
from luoshi.cases.wording import MEASURE
from luoshi.expectations import queries
from luoshi.expectations.queries import Ledger, LedgerRow
from luoshi.expectations.wording import RESULT, SEVERITY
from luoshi.registry import queries as registry
from luoshi.registry.queries import SubjectInfo
from luoshi.web import cards, formats, staff, words
from luoshi.web.case.choices import language
from luoshi.web.fields.linked import linked
from luoshi.web.papers import sheet
from luoshi.web.papers.names import LISTS
from luoshi.web.papers.orders import SOLVED
from luoshi.web.staff import district_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a list is of. `said` says it in words, `address` leads to its page."""

    said: str
    address: str
    field: str = ""
    kind: str = ""
    place: int | None = None
    areas: tuple[int, ...] = ()
    round: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def document(code: str, request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """All that the template of this list is told."""
    return {
        "language": "zh" if language().startswith("zh") else "en",
        "title": str(LISTS[code]),
        "scope": scope.said,
        "address": scope.address,
        "scan": _("Scan for what holds now; you are asked to sign in."),
        "printed": sheet.printed(timezone.now()),
        "page": _("Page %(n)s of %(total)s"),
        "cut": "",
        "note": "",
        "empty": _("There is nothing to list here."),
        **TOLD[code](request, scope),
    }


# ---- From findings ----


@dataclass(frozen=True, slots=True)
class Known:
    """Names and cases for the rows of a ledger."""

    subjects: Mapping[int, SubjectInfo]
    areas: Mapping[int, str]
    units: Mapping[int, str]
    people: Mapping[int, str]
    courses: Mapping[int, Course]

    def point(self, subject: int) -> str:
        """The subject and its area on a line of its own."""
        return point(self.subjects.get(subject), self.areas)

    def owner(self, course: Course | None) -> str:
        state = course.line.state if course else None
        if state is None or not state.owner:
            return "—"
        unit = self.units.get(state.owner, "—")
        return "\n".join(name for name in (unit, self.people.get(state.person or 0)) if name)


def point(subject: SubjectInfo | None, areas: Mapping[int, str]) -> str:
    if subject is None:
        return "—"
    return f"{subject.name}\n{areas.get(subject.area or 0, '')}".strip()


def _ledger(request: HttpRequest, scope: Scope) -> tuple[Ledger, Known]:
    found = queries.ledger(
        district_id(request),
        field=scope.field,
        kind=scope.kind,
        areas=scope.areas,
        round=scope.round,
        since=scope.since,
        until=scope.until,
    )
    return found, _known(request, found.rows)


def _known(request: HttpRequest, rows: Iterable[LedgerRow]) -> Known:
    subjects = registry.subjects_by_id({row.subject for row in rows})
    named = {row.case for row in rows}
    courses = cases.courses(named)
    open_to_him = linked(request, named | {course.line.id for course in courses.values()})
    courses = {id: one for id, one in courses.items() if {id, one.line.id} <= open_to_him.keys()}
    states = [course.line.state for course in courses.values()]
    people = registry.people({state.person for state in states if state.person})
    return Known(
        subjects=subjects,
        areas=registry.area_names({s.area for s in subjects.values() if s.area}),
        units=registry.unit_names({s.owner for s in states if s.owner}, language=language()),
        people={id: one.name for id, one in people.items()},
        courses=courses,
    )


def _cut(cut: bool) -> str:
    if not cut:
        return ""
    text = _(
        "There are more than %(n)s rows: this list is cut, and the oldest are not on it. Choose a "
        "shorter period or a smaller place."
    )
    return text % {"n": formats.number(queries.MOST)}


def findings(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """问题清单: what was found, where, and to whom it went."""
    found, known = _ledger(request, scope)
    rows = []
    for n, row in enumerate(found.rows, 1):
        course = known.courses.get(row.case)
        state = course.line.state if course else None
        rows.append(
            (
                str(n),
                formats.date(row.at),
                known.point(row.subject),
                f"{sheet.unmet(row, source=True)}\n{_severity(row)}",
                known.owner(course),
                formats.until(state.deadline) if state else "—",
                _case(course),
            )
        )
    return {
        "head": [
            _("No."), _("Found"), _("Point"), _("What is not met"), _("Owner"), _("Deadline"),
            _("Case"),
        ],
        "rows": rows,
        "cut": _cut(found.cut),
        "empty": _("Nothing was found unmet here in this time."),
        "note": _unseen(found, known),
    }  # fmt: skip


def rectification(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """整改台账: a finding, its owner, the measure, the deadline, verified, struck off."""
    found, known = _ledger(request, scope)
    rows = []
    for n, row in enumerate(found.rows, 1):
        course = known.courses.get(row.case)
        rows.append(
            (
                str(n),
                known.point(row.subject),
                f"{sheet.unmet(row)}\n{formats.date(row.at)}",
                known.owner(course),
                _measures(course),
                formats.until(course.line.state.deadline) if course else "—",
                _verified(course),
                _off(course),
                _case(course),
            )
        )
    return {
        "head": [
            _("No."), _("Point"), _("What is not met, and when it was found"), _("Owner"),
            _("Measures"), _("Deadline"), _("Verified"), _("Struck off"), _("Case"),
        ],
        "rows": rows,
        "cut": _cut(found.cut),
        "empty": _("Nothing was found unmet here in this time."),
        "note": _unseen(found, known),
    }  # fmt: skip


def look_back(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """回头看: what was struck off, and what a later look said."""
    found, known = _ledger(request, scope)
    rows: list[tuple[str, ...]] = []
    for row in found.rows:
        course = known.courses.get(row.case)
        if course is None or not _is_off(course):
            continue
        closed = course.line.state.closed_at
        later = row.looked_at if row.looked_at and closed and row.looked_at > closed else None
        rows.append(
            (
                str(len(rows) + 1),
                known.point(row.subject),
                sheet.unmet(row),
                _case(course),
                formats.date(closed),
                formats.date(later) if later else "—",
                str(RESULT[row.result]).capitalize() if later else _("Not looked at again yet"),
            )
        )
    return {
        "head": [
            _("No."), _("Point"), _("What was not met"), _("Case"), _("Struck off"),
            _("Looked at again"), _("What was seen then"),
        ],
        "rows": rows,
        "cut": _cut(found.cut),
        "empty": _("Nothing that was found here in this time has been struck off yet."),
        "note": _unseen(found, known),
    }  # fmt: skip


def _severity(row: LedgerRow) -> str:
    severity = SEVERITY.get(row.demand.severity, row.demand.severity)
    return _("severity: %(severity)s") % {"severity": severity}


def _case(course: Course | None) -> str:
    if course is None:
        return "—"
    state = course.line.state
    return f"{course.line.number}\n{words.status(state.status or '', state.resolution)}"


def _measures(course: Course | None) -> str:
    if course is None or not course.measures:
        return "—"
    return _("; ").join(str(MEASURE.get(code, code)) for code in course.measures)


def _verified(course: Course | None) -> str:
    if course is None or course.verified_at is None:
        return "—"
    said = _("Holds") if course.passed else _("Does not hold: sent back")
    return f"{formats.date(course.verified_at)}\n{said}"


def _is_off(course: Course) -> bool:
    state = course.line.state
    return not state.open and state.passed and state.resolution in SOLVED


def _off(course: Course | None) -> str:
    return formats.date(course.line.state.closed_at) if course and _is_off(course) else "—"


def _unseen(found: Ledger, known: Known) -> str:
    """Why the columns of some cases stay empty."""
    if all(row.case in known.courses for row in found.rows):
        return ""
    return _("A dash also stands where the case is not yours to open.")


# ---- Duties ----


def duties(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """责任清单: each point and who answers for what there, by name."""
    district, today = district_id(request), timezone.localdate()
    found = queries.duty_points(
        district, on=today, field=scope.field, kind=scope.kind, area=scope.place
    )
    areas = registry.area_names({row.subject.area for row in found.rows if row.subject.area})
    units = registry.unit_names({r.unit for r in found.rows if r.unit}, language=language())
    people = registry.people({row.person for row in found.rows if row.person})
    kinds = {one.code: one.name for one in queries.kinds(district, field=scope.field)}
    rows = [
        (
            str(n),
            row.subject.name,
            f"{kinds.get(row.kind, row.kind)}\n{areas.get(row.subject.area or 0, '')}".strip(),
            "\n".join(row.tasks),
            units.get(row.unit or 0) or _("Nobody answers here"),
            people[row.person].name if row.person in people else _("Nobody is named"),
        )
        for n, row in enumerate(found.rows, 1)
    ]
    unnamed = sum(row.person not in people for row in found.rows)
    return {
        "head": [
            _("No."), _("Point"), _("Kind and place"), _("Answers for"), _("Responsible unit"),
            _("Responsible person"),
        ],
        "rows": rows,
        "cut": _("There are more than %(n)s rows: this list is cut. Choose a smaller place.")
        % {"n": formats.number(queries.MOST)}
        if found.cut
        else "",
        "empty": _("There is no point here of which anything is expected."),
        "note": _("On %(n)s of %(total)s rows nobody is named.")
        % {"n": formats.number(unnamed), "total": formats.number(len(rows))}
        if unnamed
        else "",
    }  # fmt: skip


# ---- Open problems of a street ----


def problems(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """The inspector's list of open problems, as his page shows it."""
    district, now = district_id(request), timezone.now()
    own = {held.unit for held in staff.roles_of(request)}
    page = cases.problems(
        district,
        areas=scope.areas,
        without=cases.hidden_from(own, district),
        limit=queries.MOST,
    )
    rows = [
        (
            str(n),
            card.line.number,
            card.where or "—",
            _what(card),
            card.unit or "—",
            formats.until(card.state.deadline),
            str(words.status(card.state.status or "", None)),
        )
        for n, card in enumerate(cards.cards(page.lines, district=district), 1)
    ]
    return {
        "head": [
            _("No."), _("Case number"), _("Place"), _("Problem"), _("Responsible"), _("Deadline"),
            _("Status"),
        ],
        "rows": rows,
        "cut": _cut(page.next is not None),
        "empty": _("No case here"),
        "note": _("Open problems as of %(at)s, by deadline; without confidential ones.")
        % {"at": formats.datetime(now)},
    }  # fmt: skip


def _what(card: cards.Card) -> str:
    """The desk's summary and the category; a report's own words are not printed."""
    summary = card.line.text if card.state.summary else ""
    return "\n".join(part for part in (summary, card.what) if part) or "—"


TOLD: Mapping[str, Callable[[HttpRequest, Scope], dict[str, Any]]] = {
    "findings": findings,
    "duties": duties,
    "rectification": rectification,
    "look_back": look_back,
    "problems": problems,
}


def span(since: date | None, until: date | None) -> str:
    """A period in words; empty for all time."""
    if since and until:
        return _("found from %(since)s to %(until)s") % {
            "since": formats.date(since),
            "until": formats.date(until),
        }
    if since:
        return _("found since %(since)s") % {"since": formats.date(since)}
    return _("found until %(until)s") % {"until": formats.date(until)} if until else ""
