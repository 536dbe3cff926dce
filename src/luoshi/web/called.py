"""Cases on which somebody must act whose other lists do not show them, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luoshi.cases import queries
from luoshi.cases.queries import Called
from luoshi.web import staff

WAITS: Mapping[str, str | Promise] = {
    "triage": _("Decide who must act on it"),
    "first_ruling": _("Rule on the return: which unit is right"),
    "ruling": _("Rule on the second return; that ruling is final"),
    "extension": _("Decide on the request for more time"),
    "twice_unsolved": _("Twice not solved: conclude it with reasons, or leave it with the unit"),
    "no_verifier": _(
        "Nobody is left who may verify it: enter somebody independent in the register"
    ),
    "top_level": _("The highest level of supervision is reached: see that it moves"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`case` opens its page where `may_open` says so."""

    case: Called
    what: str
    waits_for: str | Promise


@dataclass(frozen=True, slots=True)
class Rows:
    rows: tuple[Row, ...]
    next: str | None


def called(request: HttpRequest, now: datetime, *, after: str = "") -> Rows:
    """For whoever is signed in; seven queries. Http404 for an `after` that no page gave."""
    district = staff.district_id(request)
    try:
        page = queries.called(district, staff.person_id(request), now=now, after=after)
    except ValueError as error:
        raise Http404 from error
    language = get_language() or "zh-hans"
    named = queries.categories(district) if page.rows else ()
    what = {category.code: category.label(language) for category in named}
    rows = tuple(
        Row(
            case=case,
            what=what.get(case.category, case.category),
            waits_for=WAITS[case.waits_for],
        )
        for case in page.rows
    )
    return Rows(rows, page.next)


def count(request: HttpRequest, now: datetime) -> int:
    """How many wait, up to one page and one more; six queries."""
    district, person = staff.district_id(request), staff.person_id(request)
    return len(queries.called(district, person, now=now, limit=queries.MOST + 1).rows)
