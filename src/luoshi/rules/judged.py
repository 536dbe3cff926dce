"""What a judgement of an expectation looks like, however it was reached."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Method(StrEnum):
    """How an expectation is checked: a person looks; reported figures; records kept; a date."""

    ITEM = "item"
    FIGURE = "figure"
    DATE = "date"
    RECORD = "record"


class Result(StrEnum):
    """Unknown is not unmet: something is missing. Waiting: nothing is due yet."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    NA = "na"
    WAITING = "waiting"


class Severity(StrEnum):
    """How grave it is when an expectation is unmet, the least grave first."""

    ORDINARY = "ordinary"
    SERIOUS = "serious"
    SEVERE = "severe"


CODES = frozenset(
    {
        # item
        "as_answered",  # the person's word is the result
        "in_range",
        "out_of_range",  # value and the bound it crossed are given
        "choice_met",
        "choice_unmet",
        # figure
        "holds",
        "below",  # of >=
        "not_above",  # of >
        "above",  # of <=
        "not_below",  # of <
        "differs",  # of ==
        "equal",  # of !=
        "missing",  # `missing` names the figures
        "zero_denominator",
        # record
        "record_there",
        "record_late",
        "record_never",
        # date
        "proof_there",
        "proof_late",  # delivered, but after the due date
        "proof_missing",
        # record and date
        "not_due",
    }
)
"""Every short reason that a judgement can carry; pages have a sentence for each."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A result and why.

    `code` is one of CODES. `value` and `limit` are in the unit of the expectation. `missing` holds
    names of figures, sorted. `period` tells one finding from the next: the period of the figures,
    or the ISO day of the lapse; empty for an item, whose finding belongs to the visit. `due` is
    the day by which a record or a proof is or was due.
    """

    result: Result
    code: str
    value: float | None = None
    limit: float | None = None
    missing: tuple[str, ...] = ()
    period: str = ""
    due: date | None = None
