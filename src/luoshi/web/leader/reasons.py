"""Why a case does not move, in words, and what a leader can do about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi.rules.state import MAX_LEVEL, State, Status


@dataclass(frozen=True, slots=True)
class Reason:
    title: str | Promise
    help: str | Promise


REASONS: Mapping[str, Reason] = {
    "overdue": Reason(
        _("Overdue"),
        _("The deadline has passed and nobody has claimed that it is done."),
    ),
    "no_verifier": Reason(
        _("No verifier"),
        _(
            "Nobody is left who is independent of the units that handled it. "
            "Such a case waits until the register knows somebody who is; it is never waved through."
        ),
    ),
    "ruling": Reason(
        _("Ruling awaited"),
        _("Returned twice: a leader of no unit concerned rules, and that ruling is final."),
    ),
    "bouncing": Reason(
        _("Bouncing"),
        _(
            "Returned or reopened twice or more: the units do not agree whose it is, "
            "or it comes back."
        ),
    ),
    "past_review": Reason(
        _("Past its review"),
        _("Deferred, and the day on which it was to be looked at again is over."),
    ),
    "twice_unsolved": Reason(
        _("Twice not solved"),
        _(
            "The reporter said twice that a verified claim did not hold. It goes on, "
            "or is concluded as unsolved with reasons."
        ),
    ),
    "top_level": Reason(
        _("Highest level"),
        _("Every level of supervision has been used."),
    ),
}

DEEDS = ("rule", "conclude", "resume", "escalate", "defer", "transfer")
"""Commands that a leader gives from a page of their own."""


def deeds(state: State) -> tuple[str, ...]:
    """Which of DEEDS are worth a button on a card; whether they are allowed is asked behind it."""
    fitting = {
        "rule": state.status is Status.RETURNED,
        "conclude": state.concludable,
        "defer": state.status is Status.HANDLING and not state.concludable,
        "resume": state.status is Status.DEFERRED,
        "transfer": state.final and state.status in {Status.ASSIGNED, Status.HANDLING},
        "escalate": state.level < MAX_LEVEL,
    }
    return tuple(kind for kind in DEEDS if fitting[kind])
