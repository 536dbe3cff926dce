"""What is asked about cases. Values come out, never rows; every list costs a constant number of
queries, and each function says how many."""

from luoshi.cases.queries.catalogue import (
    AnswerInfo,
    CategoryInfo,
    answers,
    categories,
    category,
    guess_category,
)
from luoshi.cases.queries.lines import Line, Page, line
from luoshi.cases.queries.lists import (
    claimed_for,
    district_cases,
    extensions_asked,
    inbox,
    newest,
    returned,
    samples_for,
    stuck,
    unit_cases,
)
from luoshi.cases.queries.one import (
    CasePage,
    Entry,
    Kin,
    PictureInfo,
    ReportInfo,
    case_of_number,
    case_page,
    may_open,
    picture,
)
from luoshi.cases.queries.track import Tracked, by_code, by_link, by_phone, tracked

__all__ = [
    "AnswerInfo",
    "CasePage",
    "CategoryInfo",
    "Entry",
    "Kin",
    "Line",
    "Page",
    "PictureInfo",
    "ReportInfo",
    "Tracked",
    "answers",
    "by_code",
    "by_link",
    "by_phone",
    "case_of_number",
    "case_page",
    "categories",
    "category",
    "claimed_for",
    "district_cases",
    "extensions_asked",
    "guess_category",
    "inbox",
    "line",
    "may_open",
    "newest",
    "picture",
    "returned",
    "samples_for",
    "stuck",
    "tracked",
    "unit_cases",
]
