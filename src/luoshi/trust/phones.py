"""Telephone numbers in one form, E.164: +8613812345678, +8651385512345.

A function of our own: the one plan that people write in many ways here is the Chinese one, while
the `phonenumbers` package (above 20 MB installed) knows two hundred plans and refuses new number
ranges until its next release. Foreign numbers must come with + or 00 and are taken as they are.
Source of the shapes: the national numbering plan (mobile 1 + 10 digits; landline 0, area code
of 2 or 3 digits, subscriber number of 7 or 8).
"""

import re
import unicodedata

from luoshi.trust.errors import BadPhone

# Between digits people put spaces, brackets, dots and dashes; messengers add invisible marks.
_BETWEEN = re.compile(r"[\s().·‐-―−\-\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
# 10 and 2x are area codes of two digits, with eight behind them; 400 and 800 are service numbers.
_LANDLINE = re.compile(r"(?:10|2[0-9])[2-9][0-9]{7}|(?![48]00)[3-9][0-9]{2}[2-9][0-9]{6,7}")
_LOCAL = re.compile(r"[2-9][0-9]{6,7}")
_FOREIGN = re.compile(r"[1-9][0-9]{6,14}")


def normalise(text: str) -> str:
    """The number in E.164. Raises BadPhone.

    Takes full-width digits, +86, 0086 and a bare 86, and the 0 that some dial before a mobile.
    """
    digits = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    if not digits:
        raise BadPhone("phone_missing")
    if not re.fullmatch(r"\+?[0-9]+", digits):
        raise BadPhone("phone_characters")
    if digits.startswith(("+", "00")):
        return _international(digits.removeprefix("+").removeprefix("00"))
    # No number inside China has more than eleven digits after its 0.
    if digits.startswith("86") and len(digits) > 11:
        return _international(digits)
    return _domestic(digits)


def national(phone: str) -> str:
    """As one dials it in China: 13812345678, 051385512345; a foreign number with 00."""
    if not phone.startswith("+86"):
        return "00" + phone.removeprefix("+")
    rest = phone.removeprefix("+86")
    return rest if _MOBILE.fullmatch(rest) else "0" + rest


def can_text(phone: str) -> bool:
    """Is it a Chinese mobile number, one that text messages reach?"""
    return _MOBILE.fullmatch(phone.removeprefix("+86")) is not None and phone.startswith("+86")


def _international(digits: str) -> str:
    if digits.startswith("86"):
        rest = digits.removeprefix("86").removeprefix("0")
        return "+86" + _checked(rest)
    if not _FOREIGN.fullmatch(digits):
        raise BadPhone("phone_length")
    return "+" + digits


def _domestic(digits: str) -> str:
    if digits.startswith("0") or _MOBILE.fullmatch(digits):
        return "+86" + _checked(digits.removeprefix("0"))
    if _LOCAL.fullmatch(digits):
        raise BadPhone("phone_area_missing")
    raise BadPhone("phone_length" if len(digits) != 11 else "phone_unknown")


def _checked(rest: str) -> str:
    if _MOBILE.fullmatch(rest) or _LANDLINE.fullmatch(rest):
        return rest
    raise BadPhone("phone_unknown" if 9 <= len(rest) <= 11 else "phone_length")
