"""Where a report stands: who owes what, until when, in one sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from luoshi.cases.moments import until
from luoshi.rules.state import Due, Resolution, State, Status
from luoshi.web.public.story import Names


@dataclass(frozen=True, slots=True)
class Standing:
    """`late`: the time has passed. `at` is None when nothing is due any more."""

    text: str
    at: datetime | None = None
    late: bool = False


def standing(state: State, known: Names, now: datetime) -> Standing:
    """What happens next on this case."""
    if state.status is Status.CLOSED:
        return Standing(_ended(state))
    due = state.due
    # A missed time is followed by a reminder, days later; a reporter is told what was missed.
    at = state.late_since if due in state.missed else state.next_at
    if due is Due.HANDLING and state.deadline:
        at = state.deadline
    if due is None or at is None:
        return Standing(_("It is late, and the highest level of supervision has been told."))
    unit = known.unit(state.owner)
    sealed = state.sealed and due is Due.TRIAGE
    said = _("The inspection team decides by %(until)s who must act.") if sealed else _OWES[due]()
    text = said % {"unit": unit, "until": until(at)}
    return Standing(text, at, at < now or due in state.missed)


_OWES: Mapping[Due, Callable[[], str]] = {
    Due.TRIAGE: lambda: _("The desk decides by %(until)s who must act."),
    Due.ACKNOWLEDGE: lambda: _("%(unit)s must take it on by %(until)s."),
    Due.CONTACT: lambda: _("%(unit)s must contact you by %(until)s."),
    Due.RULING: lambda: _("The unit sent it back: by %(until)s it is decided who must act."),
    Due.HANDLING: lambda: _("%(unit)s must solve it and show the result by %(until)s."),
    Due.VERIFY: lambda: _("Somebody independent checks by %(until)s whether it is really solved."),
    Due.VERDICT: lambda: _("You have the last word, until %(until)s."),
    Due.REVIEW: lambda: _("It is put off, and looked at again by %(until)s."),
}


def _ended(state: State) -> str:
    if state.resolution is Resolution.DECLINED:
        return _("It does not fall to us: see below why, and where to turn instead.")
    if state.resolution is Resolution.ANSWERED and not state.was_assigned:
        return _("It was answered: see below.")
    if state.resolution is Resolution.UNSOLVED:
        return _("It was ended as not solved, and counts as not solved.")
    return _("It is closed.")
