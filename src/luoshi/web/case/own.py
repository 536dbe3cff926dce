"""What is left of a picture's own time and place, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luoshi.cases.taken import Own
from luoshi.web.case.choices import Label

DAY = 24

BEFORE: dict[str, Label] = {
    "assigned": gettext_lazy("Taken %(time)s before the case was assigned"),
    "sent_back": gettext_lazy("Taken %(time)s before it was sent back the last time"),
    "claimed": gettext_lazy("Taken %(time)s before the claim"),
    "received": gettext_lazy("Taken %(time)s before the report came in"),
}


def lines(own: Own) -> list[str]:
    """One sentence, or one for the time and one for the place; those that fit say so too."""
    if own.time == own.place == "none":
        return [_("No time or place of its own")]
    return [_time(own), _place(own)]


def conflicts(own: Own) -> list[str]:
    """Only what speaks against it."""
    found = []
    if own.time in {"before", "ahead"}:
        found.append(_time(own))
    if own.place in {"far", "outside"}:
        found.append(_place(own))
    return found


def doubted(pictures: Sequence[tuple[int, bool, Own]]) -> list[str]:
    """For whoever just chose them: (number, whether it looks like an earlier one, its own)."""
    return [
        _("Picture %(n)d: %(what)s") % {"n": number, "what": sentence}
        for number, alike, own in pictures
        for sentence in [*([_("Looks like an earlier one")] if alike else []), *conflicts(own)]
    ]


def _time(own: Own) -> str:
    if own.time == "before":
        return str(BEFORE[own.since]) % {"time": _long(own.hours)}
    if own.time == "ahead":
        return _("Its clock is %(time)s ahead of today") % {"time": _long(own.hours)}
    return _("Its time fits") if own.time == "fits" else _("No time of its own")


def _place(own: Own) -> str:
    if own.place == "far":
        return _("Taken about %(far)s from the place") % {"far": _far(own.metres)}
    if own.place == "outside":
        return _("Taken outside of the district, by about %(far)s") % {"far": _far(own.metres)}
    if own.place == "unplaced":
        return _("It has a place, the case has none to compare with")
    return _("Its place fits") if own.place == "fits" else _("No place of its own")


def _long(hours: int) -> str:
    if hours < 2 * DAY:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", hours // DAY) % {"n": hours // DAY}


def _far(metres: int) -> str:
    if metres < 1000:
        return _("%(n)d metres") % {"n": metres}
    return _("%(n)d km") % {"n": metres // 1000}
