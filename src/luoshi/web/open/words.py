"""What happened to a case, for everybody: by codes and days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.cases.queries import Step
from luoshi.cases.wording import RESOLUTION
from luoshi.web.case.choices import Label

PLAIN: Mapping[str, Label] = {
    "received": gettext_lazy("A report came in"),
    "assigned": gettext_lazy("Given to a unit that must solve it"),
    "transferred": gettext_lazy("Given to another unit; the deadline stayed"),
    "acknowledged": gettext_lazy("The unit took it on"),
    "returned": gettext_lazy("The unit sent it back to the desk"),
    "ruled": gettext_lazy("It was ruled who must act"),
    "claimed": gettext_lazy("The unit says that it is done: now it is checked"),
    "lapsed": gettext_lazy("The reporter did not answer; that is not counted as satisfied"),
    "deferred": gettext_lazy("Put off with a date on which it is looked at again"),
    "resumed": gettext_lazy("Taken up again"),
    "escalated": gettext_lazy("Put under supervision"),
    "missed": gettext_lazy("A due time passed"),
    "concluded": gettext_lazy("Ended by a leader as not solved"),
    "reopened": gettext_lazy("Opened again"),
}


@dataclass(frozen=True, slots=True)
class Told:
    on: date
    what: str


def told(steps: tuple[Step, ...]) -> list[Told]:
    """The newest first; what came twice on one day is said once."""
    found = [Told(step.on, _said(step)) for step in steps]
    return list(dict.fromkeys(found))[::-1]


def _said(step: Step) -> str:
    if step.kind == "verified":
        held = step.data.get("passed")
        return (
            _("Checked by somebody independent: it held")
            if held
            else _("Checked by somebody independent: it did not hold and went back")
        )
    if step.kind == "verdict_given":
        solved = step.data.get("solved")
        return _("The reporter says: solved") if solved else _("The reporter says: not solved")
    if step.kind == "extension_decided":
        return _("More time was given") if step.data.get("granted") else _("More time was refused")
    if step.kind == "closed":
        word = RESOLUTION.get(str(step.data.get("resolution")), "")
        return _("Closed: %(how)s") % {"how": word}
    return str(PLAIN[step.kind])
