"""What a reporter says about his report by message, and in which language he writes."""

import re
from collections.abc import Sequence
from datetime import datetime

from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Command, Refused
from luoshi.doors import words


def said(
    *,
    report: int,
    whole: str,
    rest: str,
    now: datetime,
    may_judge: bool = True,
    pictures: Sequence[bytes] = (),
) -> str | None:
    """ "verdict" or "replied": a verdict or more words on a report of the sender's own. None when
    neither is possible now, so that the message becomes a report, which a person reads.

    `rest` is the text without the number in front. Without `may_judge` a verdict is only words.
    """
    given = words.verdict(rest) if may_judge else None
    if given:
        command = Command("verdict", {"solved": given.solved, "satisfied": given.satisfied})
        if _act(report, command, given.text, pictures, now):
            return "verdict"
    return "replied" if _act(report, Command("reply"), whole, pictures, now) else None


def _act(
    report: int, command: Command, text: str, pictures: Sequence[bytes], now: datetime
) -> bool:
    found = queries.tracked(report, now=now)
    if command.kind == "verdict" and not found.may_give_verdict:
        return False
    actor = Actor(report=report)
    try:
        actions.act(
            case=found.case.id, command=command, actor=actor, now=now, text=text, pictures=pictures
        )
    except Refused:
        return False
    return True


def language(text: str) -> str:
    """In which language the sender is answered: his own, as far as the letters tell."""
    chinese = re.search(r"[\u3400-\u9fff\U00020000-\U0003ffff]", text)
    return "zh-hans" if chinese or not re.search(r"[A-Za-z]{2}", text) else "en"
