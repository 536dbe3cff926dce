"""Reading one cell as what its column says it is. Never a guess: what is unclear is told.

Every function takes a value as `tables.plain` gives it, never an empty one, and raises Bad.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from luoshi.doors.sheets import limits
from luoshi.doors.sheets.refused import Bad
from luoshi.expectations.reading import BadNumber, read_number
from luoshi.trust import phones
from luoshi.trust.errors import BadPhone

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_TIME = re.compile(r"(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2}))?秒?")
_EIGHT = re.compile(r"(?:19|20)\d{6}")
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no zone
_SERIALS = (20_000, 80_000)
"""Days since 1900 that a date may be when it lost its format: 1954 to 2119."""

_EXACT = 10**15
"""A spreadsheet program keeps no more digits of a number."""

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}


def text(value: Any, *, most: int = limits.CELL) -> str:
    said = _calculated(value)
    if isinstance(said, int) and abs(said) >= _EXACT:
        raise Bad("digits_lost")
    if isinstance(said, dict):
        said = str(said["at"]).replace("T", " ").removesuffix(" 00:00:00")
    if isinstance(said, float):
        said = f"{said:.15g}"
    found = str(said).strip()
    if len(found) > most:
        raise Bad("too_long", most=most)
    return found


def number(value: Any, *, decimals: int | None = None, percent: bool = True) -> Decimal:
    """A number in a cell, or one written as text as offices do; `percent`: the sign may follow."""
    said = _calculated(value)
    if isinstance(said, bool | dict):
        raise Bad("number_unreadable")
    # 15 digits as %g writes them may come as 1e+15, which is too large to be taken anyway.
    written = f"{Decimal(f'{said:.15g}'):f}" if isinstance(said, float) else str(said)
    try:
        found = read_number(written, decimals=decimals, percent=percent)
    except BadNumber as no:
        meant = chinese_number(written) if no.code == "number_unreadable" else None
        if meant is not None:
            raise Bad("number_in_words", write=meant) from no
        raise Bad(no.code) from no
    except ArithmeticError as no:
        raise Bad("number_unreadable") from no
    if found is None:
        raise Bad("number_unreadable")
    return found


def chinese_number(said: str) -> int | None:
    """三十 is 30, 一百零五 is 105; None for what is no such number. Only to say what to write."""
    total, digit, any_digit = 0, 0, False
    for letter in said.strip():
        if letter in _DIGITS:
            digit, any_digit = _DIGITS[letter], True
        elif letter in _TENS:
            total += (digit or 1) * _TENS[letter]
            digit, any_digit = 0, True
        else:
            return None
    return total + digit if any_digit else None


def moment(value: Any) -> datetime:
    """A day or a time of day; a day alone is its noon, in the time of the office."""
    said = _calculated(value)
    if isinstance(said, dict):
        return _aware(datetime.fromisoformat(said["at"]), whole=len(said["at"]) > 10)
    if isinstance(said, int | float) and not isinstance(said, bool):
        return _serial(float(said))
    written = str(said).strip()
    day = _DAY.match(written)
    if day:
        clock = _TIME.search(written[day.end() :])
        return _made([*map(int, day.groups())], clock)
    if _EIGHT.fullmatch(written):
        return _made([int(written[:4]), int(written[4:6]), int(written[6:])], None)
    raise Bad("date_unreadable")


def day(value: Any) -> date:
    return timezone.localtime(moment(value)).date()


def _serial(said: float) -> datetime:
    whole = f"{said:.0f}"
    if said.is_integer() and _EIGHT.fullmatch(whole):
        return _made([int(whole[:4]), int(whole[4:6]), int(whole[6:])], None)
    if not _SERIALS[0] <= said <= _SERIALS[1]:
        raise Bad("date_unreadable")
    found = _SERIAL_ZERO + timedelta(seconds=round(said * 86_400))
    return _aware(found, whole=not said.is_integer())


def _made(parts: list[int], clock: re.Match[str] | None) -> datetime:
    try:
        hours = [int(part or 0) for part in clock.groups()] if clock else []
        found = datetime(*parts, *hours)  # type: ignore[arg-type]  # noqa: DTZ001
        return _aware(found, whole=bool(clock))
    except ValueError as error:
        raise Bad("date_unreadable") from error


def _aware(found: datetime, *, whole: bool) -> datetime:
    found = found.replace(tzinfo=None)
    if not whole or (found.hour, found.minute, found.second) == (0, 0, 0):
        found = found.replace(hour=12)
    return timezone.make_aware(found.replace(microsecond=0))


def phone(value: Any) -> str:
    """In E.164."""
    try:
        return phones.normalise(text(value, most=60))
    except BadPhone as no:
        raise Bad(no.code) from no


def choice(value: Any, among: Mapping[str, str]) -> str:
    """`among`: what may stand in the cell, in lower case, and the code that it means."""
    found = among.get(text(value, most=200).casefold())
    if found is None:
        raise Bad("not_among", choices=" / ".join(list(dict.fromkeys(among))[:12]))
    return found


def degrees(value: Any, *, most: int) -> float:
    found = number(value)
    if abs(found) > most:
        raise Bad("degrees")
    return float(found)


def _calculated(value: Any) -> Any:
    if isinstance(value, dict) and "formula" in value:
        raise Bad("formula_unvalued")
    if isinstance(value, dict) and "error" in value:
        raise Bad("formula_error")
    if isinstance(value, str) and value.startswith("#") and value.rstrip("!?").isupper():
        raise Bad("formula_error")
    return value


def shown(value: Any, *, most: int = 60) -> str:
    """A cell as it is quoted back."""
    if value is None:
        return ""
    if isinstance(value, dict):
        said = str(value.get("at", "")).replace("T", " ").removesuffix(" 00:00:00")
    else:
        said = f"{value:.15g}" if isinstance(value, float) else str(value)
    return said if len(said) <= most else f"{said[: most - 1]}…"
