"""Why a case does not move, in words, and what a leader can do about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi.rules.state import MAX_LEVEL, State, Status

MAX_RETURNS = 2
"""From this return on a leader rules."""


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
    "deferred_again": Reason(
        _("Deferred again"),
        _("Deferred more than once: each time it was to be looked at later."),
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

DECIDE: Mapping[str, Reason] = {
    "ruling": Reason(
        _("Rule on a second return"),
        _("Two units have sent it back. Your ruling is final."),
    ),
    "twice_unsolved": Reason(
        _("Conclude, or let it go on"),
        _("The reporter said twice that a verified claim did not hold."),
    ),
    "no_verifier": Reason(
        _("Find a verifier"),
        _(
            "Nobody in the register is independent of the units that handled it. Have somebody "
            "entered who is: the next draw takes him. It is never waved through."
        ),
    ),
    "past_review": Reason(
        _("Review what was deferred"),
        _(
            "The day of review is today, or over: resume it. What must wait longer is deferred "
            "anew, with a reason."
        ),
    ),
    "top_level": Reason(
        _("Escalated to the highest level"),
        _("Every reminder has been sent. Sign a supervision order, or speak with the unit."),
    ),
    "extension": Reason(
        _("More time asked for"),
        _("Left undecided, the deadline stands and the request counts as refused."),
    ),
}
"""What waits for a leader's word, in the order of `queries.DECISIONS`."""

BY_WHOM: Mapping[str, str | Promise] = {
    "ruling": _("You belong to a unit concerned: another leader rules."),
    "twice_unsolved": _("You belong to a unit concerned: another leader decides."),
    "past_review": _("You belong to a unit concerned: another leader decides."),
    "extension": _("The desk decides."),
}
"""Who decides in his place where a decision is not this leader's."""

FIRST: Mapping[str, str] = {
    "ruling": "rule",
    "twice_unsolved": "conclude",
    "past_review": "resume",
    "extension": "decide_extension",
}
"""The command that a decision leads to."""

WAYS: Mapping[str, str | Promise] = {
    "recurred": _("The same again at the same place"),
    "disputed": _("Disputed by the reporter or a second check"),
    "sent_back": _("Sent back by verification"),
    "reopened": _("Reopened by the desk or the inspection team"),
}


def owes(state: State, unit: str) -> str | Promise:
    """Who owes the next step of an open case. `unit`: the name of its owner."""
    if state.status is Status.RETURNED and state.returns >= MAX_RETURNS:
        return _("a leader of no unit concerned")
    if state.status is Status.CLAIMED and state.verifier is None:
        return _("whoever keeps the register of people")
    others: Mapping[Status | None, str | Promise] = {
        Status.NEW: _("the desk"),
        Status.RETURNED: _("the desk"),
        Status.CLAIMED: _("the verifier who was drawn"),
        Status.VERDICT: _("the reporter"),
        Status.DEFERRED: _("a leader"),
    }
    return others.get(state.status) or unit or _("the desk")


DEEDS = ("rule", "conclude", "resume", "escalate", "defer", "transfer", "decide_extension")
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
        "decide_extension": False,
    }
    return tuple(kind for kind in DEEDS if fitting[kind])
