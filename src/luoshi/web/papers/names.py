"""The names of lists and ledgers, for the pages that lead to them."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from luoshi.web.case.choices import Label

LISTS: Mapping[str, Label] = {
    "findings": _("Findings list"),
    "duties": _("Duty list"),
    "rectification": _("Rectification ledger"),
    "look_back": _("Look-back list"),
    "problems": _("List of open problems"),
}


def of_round() -> list[tuple[str, Label]]:
    return [(code, LISTS[code]) for code in ("findings", "rectification", "look_back")]


def of_field() -> list[tuple[str, Label]]:
    return [(code, LISTS[code]) for code in ("findings", "duties", "rectification", "look_back")]
