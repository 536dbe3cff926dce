"""Reading a number as offices write it; the same for pages and spreadsheets.

Never a guess: what could mean two things is refused, and the sentence says how to write it.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LARGEST = Decimal(10) ** 15
"""No figure of a district is larger; a double still holds it to the unit."""

LONGEST = 40
"""Characters that are looked at."""

_PLAIN = str.maketrans("０１２３４５６７８９．，％－−＋　\u00a0\u202f", "0123456789.,%--+   ")
_GROUPED = re.compile(r"[-+]?[0-9]{1,3}(?P<by>[, ])[0-9]{3}(?:(?P=by)[0-9]{3})*(?:\.[0-9]+)?")
_DIGITS = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_GROUPS = re.compile(r"[-+0-9., ]+")

REMEDY: Mapping[str, Promise] = {
    "number_unreadable": _(
        "This is no number: write digits, such as 1234.5; leave it empty when it is not known."
    ),
    "number_grouping": _(
        "Commas and spaces are not where thousands are: write 1,234.5 or 1234.5, the decimals "
        "after a point."
    ),
    "number_no_percent": _("This figure is no share: write it without the percent sign."),
    "number_too_large": _("This is larger than anything reported here: check unit and digits."),
    "number_too_exact": _("Fewer decimals are kept of this figure: round it."),
}
"""A sentence with a remedy for every code of BadNumber."""


class BadNumber(ValueError):
    """A text is no number that can be taken; `code` names the reason, see REMEDY."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_number(text: str, *, decimals: int | None = None, percent: bool = True) -> Decimal | None:
    """The number that a text says; None when the text is empty: not reported, which is not 0.

    Full-width digits and signs are read, thousands may be set apart by commas or spaces.
    `78.33%` is 78.33, the number that stands before the sign; `percent=False` refuses the sign,
    `decimals` more digits after the point than are kept (zeros do not count). Raises BadNumber.
    """
    plain = text.translate(_PLAIN).strip()
    if not plain:
        return None
    bare = plain.removesuffix("%").rstrip()
    if len(plain) > LONGEST:
        raise BadNumber("number_unreadable")
    if _GROUPED.fullmatch(bare):
        digits = bare.replace(",", "").replace(" ", "")
    elif _DIGITS.fullmatch(bare):
        digits = bare
    else:
        raise BadNumber(_why(bare))
    if bare != plain and not percent:
        raise BadNumber("number_no_percent")
    return _kept(Decimal(digits), decimals)


def _why(bare: str) -> str:
    marks = _GROUPS.fullmatch(bare) and any(mark in bare for mark in ", .")
    return "number_grouping" if marks and any(map(str.isdigit, bare)) else "number_unreadable"


def _kept(value: Decimal, decimals: int | None) -> Decimal:
    if abs(value) >= LARGEST:
        raise BadNumber("number_too_large")
    if decimals is not None and value != round(value, decimals):
        raise BadNumber("number_too_exact")
    return value + 0  # a minus zero is a zero
