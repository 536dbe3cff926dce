"""Sentences for what cannot be entered."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from luoshi.cases.wording import refusal
from luoshi.web.case.choices import Label

REFUSED: Mapping[str, Label] = {
    "report_from_the_future": _("Neither the period nor the day may be still to come."),
    "source_missing": _("Say who reported it: a department and its return."),
    "unknown_record": _("This is no longer recorded here: go back to the page of the place."),
    "record_from_the_future": _("A record is made of what was done: this day is still to come."),
    "record_incomplete": _("Something that this record needs is missing."),
    "unknown_expectation": _("Nothing is due here any more: go back to the page of the place."),
    "proof_from_the_future": _("This day is still to come: write the day on which it came in."),
    "proof_missing": _("Nothing is handed in: write what was done, or add a file."),
    "check_corrected": _("This check was corrected already: correct the correction instead."),
    "unknown_check": _("This check cannot be corrected here."),
    "no_answers": _("Nothing differs from what was said first: change at least one answer."),
    "reason_missing": _("Say what was wrong, so that others can follow it."),
    "unknown_plan": _("This plan no longer exists: put the round together yourself."),
    "nothing_to_check": _("There is nothing to look at: choose other places or expectations."),
    "round_too_large": _("A round has at most 5,000 places: choose an area, or draw some of them."),
    "round_ends_first": _("The round would end before it begins: check the two days."),
    "round_too_long": _("A round lasts a year at most."),
    "draw_nothing": _("Draw at least one place."),
    "name_missing": _("Give the round a name."),
}


def sentence(code: str) -> Label:
    """What to do about a refusal."""
    return REFUSED.get(code) or refusal(code)
