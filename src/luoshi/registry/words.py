"""The kinds and roles of the registry, each with the name that readers see."""

from django.utils.translation import gettext_lazy as _

AREA_KINDS = {
    "street": _("street"),
    "community": _("community"),
}
UNIT_KINDS = {
    "department": _("department"),
    "street": _("street office"),
    "community": _("community office"),
    "contractor": _("contractor"),
    "team": _("team"),
    "desk": _("dispatch desk"),
    "panel": _("outside panel"),
}
HANDLING_KINDS = ("department", "street", "community", "contractor")
"""Kinds of unit that can own a case."""

ROLES = {
    "desk": _("dispatcher"),
    "handler": _("handler"),
    "verifier": _("verifier"),
    "inspector": _("inspector"),
    "leader": _("leader"),
    "panel": _("panel member"),
    "data": _("data officer"),
}
TERM_NAMES = {
    "danger": _("danger to life"),
    "utility": _("water, power or heat is out"),
    "enquiry": _("enquiry"),
    "ordinary": _("ordinary case"),
    "complex": _("complex case"),
    "triage": _("triage"),
    "triage_danger": _("triage of danger to life"),
    "acknowledgement": _("acknowledgement"),
    "contact": _("first contact"),
    "ruling": _("ruling on a return"),
    "verification": _("verification"),
    "verdict": _("the reporter's verdict"),
    "return_window": _("time to return a case"),
    "reopen_window": _("time to reopen a case"),
}
