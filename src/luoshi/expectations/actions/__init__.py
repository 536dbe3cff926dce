"""The only writer of expectations, checks, findings and what is reported. Keyword-only.

Exceptions beside each: VersionChanged, AnswersRefused, FiguresRefused, BadPeriod, NotRegistered,
Refused.
"""

from luoshi.expectations.actions.catalogue import (
    VersionChanged,
    put_expectation,
    put_field,
    put_figure_kind,
    put_kind,
    put_record_kind,
    put_round,
    put_source,
)
from luoshi.expectations.actions.checks import (
    AnswersRefused,
    Checked,
    Said,
    correct_check,
    record_check,
)
from luoshi.expectations.actions.night import Evaluated, evaluate, nightly
from luoshi.expectations.actions.reports import (
    FiguresRefused,
    Reported,
    add_record,
    deliver,
    report_figures,
)
from luoshi.expectations.actions.rounds import MOST as MOST_IN_ROUND
from luoshi.expectations.actions.rounds import compose_round, start_round
from luoshi.expectations.actions.verifying import verify
from luoshi.expectations.periods import BadPeriod, period_end, period_start

__all__ = [
    "MOST_IN_ROUND",
    "AnswersRefused",
    "BadPeriod",
    "Checked",
    "Evaluated",
    "FiguresRefused",
    "Reported",
    "Said",
    "VersionChanged",
    "add_record",
    "compose_round",
    "correct_check",
    "deliver",
    "evaluate",
    "nightly",
    "period_end",
    "period_start",
    "put_expectation",
    "put_field",
    "put_figure_kind",
    "put_kind",
    "put_record_kind",
    "put_round",
    "put_source",
    "record_check",
    "report_figures",
    "start_round",
    "verify",
]
