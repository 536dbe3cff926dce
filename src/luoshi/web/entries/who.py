"""Who may enter what: data staff and inspectors for every subject; records and proofs also the
handlers of a unit that operates the subject or answers for it today; its own figures also the
handlers of the unit that operates it, but never the signals that departments report about it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.expectations import queries
from luoshi.registry import queries as registry
from luoshi.registry.facts import SubjectInfo
from luoshi.web import staff
from luoshi.web.fields.views import ROLES as READERS

FIGURES = ("data", "inspector")
RECORDS = ("data", "inspector", "handler")


def place_of(request: HttpRequest, id: int, *, active: bool = True) -> SubjectInfo:
    """A subject of his district. Http404 when there is none, or none that is active."""
    found = registry.subjects_by_id([id], district=staff.district_id(request)).get(id)
    if found is None or (active and not found.active):
        raise Http404
    return found


def entrusted(request: HttpRequest, place: SubjectInfo) -> SubjectInfo:
    """The same, when he may enter records and proofs of it. Raises PermissionDenied."""
    if staff.role_names(request) & {*FIGURES}:
        return place
    if not units_of(request) & queries.answering(
        staff.district_id(request), place, on=timezone.localdate()
    ):
        raise PermissionDenied(
            _("Your unit neither operates this place nor answers for it: only its own records and "
              "proofs are entered by a unit.")
        )  # fmt: skip
    return place


def reports_all(request: HttpRequest, place: SubjectInfo) -> bool:
    """Whether he enters every figure of it, or only those that it reports of itself. Raises
    PermissionDenied."""
    if staff.role_names(request) & {*FIGURES}:
        return True
    if place.operator not in units_of(request):
        raise PermissionDenied(
            _("Your unit does not operate this place: a unit reports only its own figures.")
        )
    return False


def units_of(request: HttpRequest) -> set[int]:
    """The units for which he handles cases."""
    return {held.unit for held in staff.roles_of(request) if held.role == "handler"}


def reads_subjects(request: HttpRequest) -> bool:
    """Whether the page of a subject is open to him; a handler goes back to his list."""
    return bool(staff.role_names(request) & {*READERS})
