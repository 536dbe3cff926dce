"""What a message says to a report: perhaps its number in front, then a verdict or anything else."""

import re
import unicodedata
from dataclasses import dataclass

_START = re.compile(
    r"[\s#＃\[【(（<《「“\"']*(?:编号|单号|number|no\.?)?[\s:：#＃]*"
    r"(\d{6})\s?[-－‐–—―−]?\s?(\d{6})(?!\d)",
    re.IGNORECASE,
)
_BETWEEN = " \t\r\n\u3000:,.;!、。，；：！-–—)）]】>》」”\"'"

# Solved or not, and satisfied or not; None where the word says nothing about it.
VERDICTS: dict[str, tuple[bool, bool | None]] = {
    "已解决": (True, None),
    "解决了": (True, None),
    "已经解决": (True, None),
    "满意": (True, True),
    "未解决": (False, None),
    "没解决": (False, None),
    "没有解决": (False, None),
    "不满意": (False, False),
    "solved": (True, None),
    "satisfied": (True, True),
    "not solved": (False, None),
    "unsolved": (False, None),
    "not satisfied": (False, False),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A verdict in a message, and what was written beside it."""

    solved: bool
    satisfied: bool | None
    text: str


def addressed(text: str) -> tuple[str, str] | None:
    """The number of a report at the start of a message, and the rest; None without a number.

    Full-width digits, other dashes, brackets and a word such as 编号 before it are tolerated.
    """
    found = _START.match(text)
    if found is None:
        return None
    day, count = ("".join(str(unicodedata.digit(char)) for char in part) for part in found.groups())
    return f"{day}-{count}", text[found.end() :].lstrip(_BETWEEN)


def verdict(rest: str) -> Word | None:
    """The verdict that a message begins with, as a word of its own; None when it is none.

    "已解决一半" and "已解决？" are no verdicts: they go to a person as they are.
    """
    said = rest.strip()
    lower = said.lower()
    for word in sorted(VERDICTS, key=len, reverse=True):
        if lower.startswith(word) and (len(lower) == len(word) or lower[len(word)] in _BETWEEN):
            solved, satisfied = VERDICTS[word]
            return Word(solved, satisfied, said[len(word) :].strip(_BETWEEN))
    return None
