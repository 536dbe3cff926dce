"""Lists of the fields as spreadsheets: what the page shows, all of it, written row by row."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from luoshi.doors.sheets.writing import book
from luoshi.expectations import queries
from luoshi.expectations.queries import FieldInfo, KindInfo, SubjectPage
from luoshi.expectations.wording import RESULT
from luoshi.registry import queries as registry
from luoshi.web import staff
from luoshi.web.fields.facts import name_of, shown
from luoshi.web.fields.linked import linked
from luoshi.web.sheets.out import sent

PART = 500


def wanted(request: HttpRequest) -> bool:
    return request.GET.get("format") == "xlsx"


def subjects(request: HttpRequest, about: KindInfo) -> HttpResponseBase:
    """All subjects of a kind with what is unmet and unknown there, and their facts."""
    district = staff.district_id(request)
    facts = [fact for fact in about.facts if not fact.get("private")]
    head = [
        _("Code"),
        _("Name of the place"),
        _("Place"),
        _("Address"),
        RESULT["unmet"],
        RESULT["unknown"],
    ]

    def rows() -> Iterator[list[Any]]:
        after = 0
        while part := queries.places(district, about.code, after=after, limit=PART):
            areas = registry.area_names({one.subject.area for one in part if one.subject.area})
            for one in part:
                place = one.subject
                counts = [one.unmet, one.unknown] if one.looked else [RESULT["never"], None]
                said = [_cell(fact, place.facts.get(fact["code"])) for fact in facts]
                area = areas.get(place.area or 0, "")
                yield [place.code, place.name, area, place.address, *counts, *said]
            after = part[-1].subject.id

    names = [*map(str, head), *map(name_of, facts)]
    return sent(about.name, book([(about.name, names, rows())]))


def _cell(fact: Mapping[str, Any], value: Any) -> Any:
    """As on the page, but for days and numbers, with which one goes on reckoning."""
    return shown(fact, value) if fact["type"] == "choice" else value


def findings(request: HttpRequest, field: FieldInfo) -> HttpResponseBase:
    """All findings of a field, the newest first; cases only those that he may open."""
    district = staff.district_id(request)

    def rows() -> Iterator[list[Any]]:
        after = 0
        while part := queries.new_findings(district, field=field.code, after=after, limit=PART):
            places = registry.subject_names({one.subject for one in part})
            cases = linked(request, {one.case for one in part})
            for one in part:
                case = cases.get(one.case)
                yield [
                    one.at,
                    places.get(one.subject, ""),
                    one.demand.title,
                    one.period,
                    case.number if case else "",
                    str(case.status) if case else "",
                ]
            after = part[-1].id

    head = [_("When"), _("Where"), _("What is unmet"), _("Period"), _("Case"), _("Status")]
    title = f"{field.name} {_('Findings')}"
    return sent(title, book([(_("Findings"), head, rows())]))


def figures(about: SubjectPage) -> HttpResponseBase:
    """What was reported of one subject."""
    head = [_("Period"), _("Figure"), _("Value"), _("Unit"), _("Source"), _("Reported on"),
            _("Revisions"), _("Reason of a correction")]  # fmt: skip
    rows = (
        [one.period, one.name, one.value, one.unit, one.source, one.reported_on, one.revisions,
         one.reason]
        for one in queries.figures_of(about.subject.id, limit=100_000)
    )  # fmt: skip
    title = f"{about.subject.name} {_('Reported figures')}"
    return sent(title, book([(_("Reported figures"), head, rows)]))
