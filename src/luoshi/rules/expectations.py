"""Whether an expectation is met, unmet or unknown, and why.

Four ways to judge: a person's answer (`judge_item`), reported figures (`judge_figure`), records
kept (`judge_record`) and something delivered by a date (`judge_date`). Everything here is values
in, values out: the day on which is judged is an argument.
"""

import hashlib
import json
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nsmallest
from math import isfinite
from typing import Any

from luoshi.rules.credit_code import uscc_ok
from luoshi.rules.expression import FigureError
from luoshi.rules.figuring import Figure, check_units, compile_figure, judge_figure
from luoshi.rules.independence import ticket
from luoshi.rules.judged import CODES, Judged, Method, Result, Severity

__all__ = [
    "CODES",
    "BadAnswer",
    "Figure",
    "FigureError",
    "Given",
    "Judged",
    "Method",
    "Result",
    "Severity",
    "check_units",
    "compile_figure",
    "draw_subjects",
    "due_dates",
    "fingerprint",
    "judge_date",
    "judge_figure",
    "judge_item",
    "judge_record",
    "uscc_ok",
]

DOMAIN = b"luoshi/v1/finding\n"
MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}


class BadAnswer(ValueError):
    """An answer that cannot be taken as it stands, before anything is stored.

    Codes: answer_missing, answer_unknown, na_not_allowed, number_missing, number_bad,
    choice_missing, choice_unknown, photo_missing, text_missing.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Given:
    """What a person answered: his own result (met, unmet, na), a number in the item's unit, the
    code of a choice, whether he wrote something, how many pictures he took."""

    result: str | None = None
    number: float | None = None
    choice: str | None = None
    text: bool = False
    pictures: int = 0


def judge_item(spec: Mapping[str, Any], answer: Given) -> Judged:
    """Judge an answer by the `item` of a pack: {type, min, max, choices, na, photo, text}.

    Where a number or a choice decides, it can only make things worse than the person says: "unmet"
    stands, "met" does not outweigh a number out of range. A photo demanded "always" is not asked
    for what does not apply; a text is. Raises BadAnswer.
    """
    if answer.result not in (None, Result.MET, Result.UNMET, Result.NA):
        raise BadAnswer("answer_unknown", f"{answer.result!r} is no answer: met, unmet or na")
    if answer.result == Result.NA:
        if not spec.get("na"):
            raise BadAnswer("na_not_allowed", "this question always applies: met or unmet")
        judged = Judged(Result.NA, "as_answered")
    else:
        judged = _JUDGES[spec["type"]](spec, answer)
    _demand_evidence(spec, answer, judged.result)
    return judged


def _by_word(spec: Mapping[str, Any], answer: Given) -> Judged:
    if answer.result is None:
        raise BadAnswer("answer_missing", "say whether this is met or unmet")
    return Judged(Result(answer.result), "as_answered", value=answer.number)


def _by_number(spec: Mapping[str, Any], answer: Given) -> Judged:
    number, low, high = answer.number, spec.get("min"), spec.get("max")
    if number is None:
        raise BadAnswer("number_missing", "enter the number")
    if not isfinite(number):
        raise BadAnswer("number_bad", "this is no number")
    crossed = _crossed(number, low, high)
    if crossed is not None:
        return Judged(Result.UNMET, "out_of_range", float(number), float(crossed))
    if answer.result == Result.UNMET or (low is None and high is None):
        return _by_word(spec, answer)
    return Judged(Result.MET, "in_range", float(number))


def _crossed(number: float, low: float | None, high: float | None) -> float | None:
    if low is not None and number < low:
        return low
    return high if high is not None and number > high else None


def _by_choice(spec: Mapping[str, Any], answer: Given) -> Judged:
    if answer.choice is None:
        raise BadAnswer("choice_missing", "choose one of the answers")
    verdicts = {choice["code"]: choice.get("met") for choice in spec.get("choices", ())}
    if answer.choice not in verdicts:
        raise BadAnswer("choice_unknown", f"{answer.choice!r} is none of: {', '.join(verdicts)}")
    met = verdicts[answer.choice]
    if met is False:
        return Judged(Result.UNMET, "choice_unmet")
    if met is None or answer.result == Result.UNMET:
        return _by_word(spec, answer)
    return Judged(Result.MET, "choice_met")


_JUDGES: Mapping[str, Callable[[Mapping[str, Any], Given], Judged]] = {
    "yesno": _by_word,
    "text": _by_word,
    "number": _by_number,
    "choice": _by_choice,
}


def _demand_evidence(spec: Mapping[str, Any], answer: Given, result: Result) -> None:
    unmet = result is Result.UNMET
    photo, text = spec.get("photo", "none"), spec.get("text", "none")
    if not answer.pictures and (
        (photo == "always" and result is not Result.NA) or (photo == "unmet" and unmet)
    ):
        raise BadAnswer("photo_missing", "take a picture")
    wanted = spec["type"] == "text" and result is not Result.NA
    if not answer.text and (wanted or text == "always" or (text == "unmet" and unmet)):
        raise BadAnswer("text_missing", "write what you saw")


def judge_record(
    *,
    within: int,
    last: date | None,
    since: date,
    on: date,
    working: Callable[[date, int], date] | None,
) -> Judged:
    """Whether records keep coming: the next one is due `within` (>= 1) days after the last.

    `last`: the day of the latest record not after `on`; `since`: the day from which it is
    expected (and from which the first term runs); `on`: the day judged, to its end. `working(day,
    n)` gives the n-th working day after a day; None counts calendar days. The period is the day
    by which the record was due, so one lapse is one finding, however long it lasts.
    """
    if within < 1:
        raise ValueError("a record is expected every 1 day or more")
    start = since if last is None else max(last, since)
    due = working(start, within) if working else start + timedelta(days=within)
    if on > due:
        code = "record_never" if last is None else "record_late"
        return Judged(Result.UNMET, code, period=due.isoformat(), due=due)
    if last is None:
        return Judged(Result.WAITING, "not_due", period=due.isoformat(), due=due)
    return Judged(Result.MET, "record_there", period=due.isoformat(), due=due)


def judge_date(*, due: date, proof: date | None, on: date) -> Judged:
    """Whether what was due by the end of the day `due` is there on the day `on`.

    `proof`: the day on which it was delivered; a later day than `on` counts as not yet. Delivered
    late is met, or nothing could ever correct the finding; the code says that it was late.
    """
    period = due.isoformat()
    if proof is not None and proof <= on:
        code = "proof_there" if proof <= due else "proof_late"
        return Judged(Result.MET, code, period=period, due=due)
    if on <= due:
        return Judged(Result.WAITING, "not_due", period=period, due=due)
    return Judged(Result.UNMET, "proof_missing", period=period, due=due)


def due_dates(*, due: date, repeat: str | None, on: date, since: date) -> tuple[date, ...]:
    """The dates due from `since` up to `on`, and the next one after, in order.

    `due` is the first date ever; `repeat`: None, monthly, quarterly or yearly. A day that a month
    lacks falls on its last day (31 January, 28 February, 31 March). Without a repetition there is
    the one date, or none when it lies before `since`. ValueError for another repetition.
    """
    if repeat is None:
        return (due,) if due >= since else ()
    if repeat not in MONTHS:
        raise ValueError(f"{repeat!r} is no repetition: {', '.join(MONTHS)} or none")
    found = []
    for day in _repeated(due, MONTHS[repeat], since):
        found.append(day)
        if day > on:
            break
    return tuple(found)


def _repeated(due: date, months: int, since: date) -> Iterator[date]:
    """Every `months` months after `due`, those not before `since`; always counted from `due`, so
    that a short month does not shorten the following ones."""
    apart = (since.year - due.year) * 12 + since.month - due.month
    month = due.year * 12 + due.month - 1 + max(0, apart // months) * months
    while True:
        year, index = divmod(month, 12)
        day = date(year, index + 1, min(due.day, monthrange(year, index + 1)[1]))
        if day >= since:
            yield day
        month += months


def fingerprint(*, expectation: str, subject: int, period: str) -> bytes:
    """32 bytes that are the same exactly for the same unmet thing: one finding, one case."""
    return hashlib.sha256(DOMAIN + json.dumps([expectation, subject, period]).encode()).digest()


def draw_subjects(*, pool: Iterable[int], seed: str, size: int) -> tuple[int, ...]:
    """`size` subjects of a frozen pool (all, when it has fewer), by a published seed.

    Those whose SHA-256 of seed and id are lowest, the lowest first; neither the order of the pool
    nor ids named twice matter. Of one subject it is the draw of rules.independence.
    """
    if size < 0:
        raise ValueError("nobody can draw fewer than none")
    return tuple(nsmallest(size, set(pool), key=lambda subject: ticket(seed, subject)))
