"""What a mail to staff says: the number, what happened, what and where, until when, the link.

Never a reporter's words or contact. Mail is read in many places, so of a case that is sealed for
the inspection team neither category and place are named nor that it has a reporter.
"""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from luoshi.cases import queries
from luoshi.cases.moments import until
from luoshi.cases.queries import Handed
from luoshi.cases.wording import LEVEL
from luoshi.registry import queries as registry

TO_A_PERSON = frozenset({"acknowledged", "handed_over"})


def lines(found: Handed, *, left: bool, now: datetime) -> Iterator[str]:
    """The lines of the mail in the reader's language. `left`: to the unit that it went from."""
    yield _gone(found) if left else _happened(found)
    if not left and found.kind in {"escalated", "missed"}:
        level = LEVEL.get(found.data["level"], found.data["level"])
        yield _("It is under supervision now. %(level)s") % {"level": level}
    if not found.state.sealed:
        yield from _what_and_where(found)
    if found.state.deadline and not left:
        passed = found.state.deadline <= now
        said = _("It was to be solved by: %(until)s") if passed else _("To be solved by: %(until)s")
        yield said % {"until": until(found.state.deadline)}
    yield settings.LUOSHI_PUBLIC_URL + reverse("case:show", args=[found.case])
    yield ""
    yield _("Nobody reads answers to this mail. What you have to say belongs into the case.")


def _happened(found: Handed) -> str:
    told = {"number": found.number, "unit": _unit(found.after.owner)}
    if found.kind in TO_A_PERSON:
        return _("Case %(number)s was handed to you.") % told
    if found.kind == "verified":
        return _("Case %(number)s came back to %(unit)s: it did not pass the verification.") % told
    if found.kind == "verdict_given":
        return _not_solved(found) % told
    if found.kind == "reopened":
        return _reopened(found) % told
    if found.kind == "resumed":
        return _("Case %(number)s is no longer deferred: %(unit)s handles it again.") % told
    if found.kind == "unmerged":
        return _("Case %(number)s is with %(unit)s again: its merge was taken back.") % told
    if found.kind == "escalated":
        return _("Case %(number)s, with %(unit)s, was escalated by a leader.") % told
    if found.kind == "missed":
        return _missed(found) % told
    return _("Case %(number)s was assigned to %(unit)s.") % told


def _not_solved(found: Handed) -> str:
    if found.state.sealed:
        return _("Case %(number)s came back to %(unit)s: it is not solved.")
    return _("Case %(number)s came back to %(unit)s: its reporter says that it is not solved.")


def _reopened(found: Handed) -> str:
    by = found.data.get("by")
    if found.state.sealed:
        return _("Case %(number)s was reopened: %(unit)s handles it again.")
    if found.data.get("cause") == "recurrence":
        return _("Case %(number)s was reopened for %(unit)s: the same problem is back.")
    if by == "reporter":
        return _("Case %(number)s was reopened for %(unit)s: its reporter disputes the result.")
    if by == "inspector":
        return _("Case %(number)s was reopened for %(unit)s by the inspection team.")
    if by == "desk":
        return _("Case %(number)s was reopened for %(unit)s by the desk.")
    return _("Case %(number)s was reopened: %(unit)s handles it again.")


def _missed(found: Handed) -> str:
    due = found.data["due"]
    if due == "acknowledge":
        return _("Case %(number)s was not acknowledged in time by %(unit)s.")
    if due == "contact" and not found.state.sealed:
        return _("The reporter of case %(number)s was not contacted in time by %(unit)s.")
    if due == "handling":
        return _("Case %(number)s was not solved in time by %(unit)s.")
    return _("In case %(number)s, with %(unit)s, a due time was missed.")


def _gone(found: Handed) -> str:
    told = {
        "number": found.number,
        "unit": _unit(found.before.owner),
        "other": _unit(found.state.owner),
        "target": found.target,
    }
    if found.kind == "merged":
        said = _("Case %(number)s was merged into case %(target)s. "
                 "%(unit)s has nothing more to do under the old number.")  # fmt: skip
    elif found.state.sealed:
        said = _("Case %(number)s is with another unit now. %(unit)s has nothing more to do.")
    else:
        said = _("Case %(number)s is with %(other)s now. %(unit)s has nothing more to do.")
    return said % told


def _unit(unit: int | None) -> str:
    names = registry.unit_names([unit or 0], language=translation.get_language() or "")
    return names.get(unit or 0, "")


def _what_and_where(found: Handed) -> Iterator[str]:
    state = found.state
    category = queries.category(found.district, state.category)
    if category:
        label = category.label(translation.get_language() or "")
        yield _("Category: %(category)s") % {"category": label}
    subjects = registry.subject_names([state.subject] if state.subject else [])
    areas = registry.area_names([state.area] if state.area else [])
    names = (subjects.get(state.subject or 0), areas.get(state.area or 0))
    if place := " · ".join(name for name in names if name):
        yield _("Place: %(place)s") % {"place": place}
