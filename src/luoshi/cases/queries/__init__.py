"""What is asked about cases. Values come out, never rows; every list costs a constant number of
queries, and each function says how many."""

from luoshi.cases.queries.back import Back, came_back
from luoshi.cases.queries.calls import Called, CalledPage, called
from luoshi.cases.queries.catalogue import (
    AnswerInfo,
    CategoryInfo,
    answers,
    categories,
    category,
    guess,
    guess_category,
)
from luoshi.cases.queries.confidential import (
    SealedReport,
    hidden_from,
    sealed_report,
    sealed_reports,
)
from luoshi.cases.queries.contacts import Sealed, reports_of_contact, sealed
from luoshi.cases.queries.counts import (
    MOST,
    claims_waiting,
    desk_waiting,
    samples_waiting,
    sealed_waiting,
    stuck_counts,
    unit_waiting,
)
from luoshi.cases.queries.decisions import DECISIONS, Decisions, decisions
from luoshi.cases.queries.doubts import doubts
from luoshi.cases.queries.erasable import Erasable, contacts_closed_before, erasable
from luoshi.cases.queries.handed import Handed, handed
from luoshi.cases.queries.ledger import Course, courses
from luoshi.cases.queries.likely import Earlier, Likely, Storm, earlier, likely, likely_to, storms
from luoshi.cases.queries.likes import Like
from luoshi.cases.queries.lines import Line, Page, line
from luoshi.cases.queries.lists import (
    claimed_for,
    district_cases,
    extensions_asked,
    inbox,
    newest,
    returned,
    samples_for,
    unit_cases,
)
from luoshi.cases.queries.load import claims_by_verifier, to_be_claimed
from luoshi.cases.queries.notices import Notice, notice
from luoshi.cases.queries.one import (
    CasePage,
    Entry,
    Kin,
    PictureInfo,
    ReportInfo,
    case_of_number,
    case_page,
    lines_of,
    may_open,
    merged_cases,
    picture,
)
from luoshi.cases.queries.public import (
    OpenCase,
    OpenPage,
    Step,
    closed_after_check,
    counted_by_area,
    open_case,
    open_cases,
    public_among,
)
from luoshi.cases.queries.register import Listed, Wanted, at_least_two, every, listed
from luoshi.cases.queries.repeats import Repeat
from luoshi.cases.queries.rooms import (
    Said,
    closed_cases,
    done_lately,
    last_said,
    open_parts,
    problems,
    sent_back,
)
from luoshi.cases.queries.searching import TooShort, search
from luoshi.cases.queries.seen import open_to
from luoshi.cases.queries.shifts import Note, ToPhone, due_soon, notes, to_phone, unfinished
from luoshi.cases.queries.spreading import WeekCounts, of_week, weeks
from luoshi.cases.queries.stuck import STUCK, stuck
from luoshi.cases.queries.track import Tracked, by_code, by_link, by_phone, tracked
from luoshi.cases.queries.triage import (
    ToTriage,
    alike,
    deadlines_if_assigned,
    numbers,
    to_triage,
)
from luoshi.cases.queries.views import View, default_view, saved_views
from luoshi.cases.search.alike import Fit, Told, Where

__all__ = [
    "DECISIONS",
    "MOST",
    "STUCK",
    "AnswerInfo",
    "Back",
    "Called",
    "CalledPage",
    "CasePage",
    "CategoryInfo",
    "Course",
    "Decisions",
    "Earlier",
    "Entry",
    "Erasable",
    "Fit",
    "Handed",
    "Kin",
    "Like",
    "Likely",
    "Line",
    "Listed",
    "Note",
    "Notice",
    "OpenCase",
    "OpenPage",
    "Page",
    "PictureInfo",
    "Repeat",
    "ReportInfo",
    "Said",
    "Sealed",
    "SealedReport",
    "Step",
    "Storm",
    "ToPhone",
    "ToTriage",
    "Told",
    "TooShort",
    "Tracked",
    "View",
    "Wanted",
    "WeekCounts",
    "Where",
    "alike",
    "answers",
    "at_least_two",
    "by_code",
    "by_link",
    "by_phone",
    "called",
    "came_back",
    "case_of_number",
    "case_page",
    "categories",
    "category",
    "claimed_for",
    "claims_by_verifier",
    "claims_waiting",
    "closed_after_check",
    "closed_cases",
    "contacts_closed_before",
    "counted_by_area",
    "courses",
    "deadlines_if_assigned",
    "decisions",
    "default_view",
    "desk_waiting",
    "district_cases",
    "done_lately",
    "doubts",
    "due_soon",
    "earlier",
    "erasable",
    "every",
    "extensions_asked",
    "guess",
    "guess_category",
    "handed",
    "hidden_from",
    "inbox",
    "last_said",
    "likely",
    "likely_to",
    "line",
    "lines_of",
    "listed",
    "may_open",
    "merged_cases",
    "newest",
    "notes",
    "notice",
    "numbers",
    "of_week",
    "open_case",
    "open_cases",
    "open_parts",
    "open_to",
    "picture",
    "problems",
    "public_among",
    "reports_of_contact",
    "returned",
    "samples_for",
    "samples_waiting",
    "saved_views",
    "sealed",
    "sealed_report",
    "sealed_reports",
    "sealed_waiting",
    "search",
    "sent_back",
    "storms",
    "stuck",
    "stuck_counts",
    "to_be_claimed",
    "to_phone",
    "to_triage",
    "tracked",
    "unfinished",
    "unit_cases",
    "unit_waiting",
    "weeks",
]
