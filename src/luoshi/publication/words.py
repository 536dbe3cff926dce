"""Kinds and states in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOTICES: Mapping[str, str | Promise] = {
    "recruitment": _("Recruitment"),
    "letter": _("Open letter"),
    "guide": _("Guide"),
    "notice": _("Notice"),
}
KIND: Mapping[str, str | Promise] = {**NOTICES, "bulletin": _("Bulletin")}

STATUS: Mapping[str, str | Promise] = {
    "draft": _("Draft"),
    "scheduled": _("Scheduled"),
    "published": _("Published"),
    "over": _("Over"),
    "withdrawn": _("Withdrawn"),
}
LOOK: Mapping[str, str] = {
    "draft": "wait",
    "scheduled": "move",
    "published": "good",
    "over": "plain",
    "withdrawn": "bad",
}
PUBLIC = ("published", "over", "withdrawn")
"""States in which everybody may read."""
