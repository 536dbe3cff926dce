"""The drawn verifier makes the next check; that is the verification of a case from a finding.

Check and verification are one transaction: neither is there without the other.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from luoshi.cases import actions as cases
from luoshi.cases.actions import Actor, Command, Done
from luoshi.expectations.actions.checks import Said, check_again
from luoshi.expectations.queries.broken import broken_in


def verify(
    *,
    case: int,
    district: int,
    person: int,
    passed: bool,
    now: datetime,
    text: str = "",
    answers: Sequence[Said] = (),
    pictures: Sequence[bytes] = (),
    explanation: str = "",
    heard: str = "",
    seen: int | None = None,
) -> Done:
    """Verify a case; when it came from findings, with the next check of what was broken.

    Raises AnswersRefused, and whatever `cases.actions.act` raises (next_check_missing,
    still_unmet, still_unknown when it may not pass).
    """
    data: dict[str, object] = {"passed": passed}
    if heard:
        data["heard"] = heard
    with transaction.atomic():
        broken = broken_in(case)
        if broken:
            data["check"] = check_again(
                case=case,
                district=district,
                versions=broken,
                answers=answers,
                person=person,
                now=now,
            )
        return cases.act(
            case=case,
            command=Command("verify", data),
            actor=Actor(person=person),
            now=now,
            text=text,
            pictures=pictures,
            explanation=explanation,
            seen=seen,
        )
