"""The values that the macros draw. A page may also pass dicts with the same keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.forms import BaseForm
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One line of the macro `action_panel`.

    Not allowed: shown greyed, with `reason` in words. Allowed with a form: opens in place and posts
    to `url`. Allowed without a form: one button that posts `hidden` to `url`, or, with
    `link=True`, a link to a page of its own.
    """

    name: str
    label: str | Promise
    url: str = ""
    allowed: bool = True
    reason: str | Promise = ""
    help: str | Promise = ""
    form: BaseForm | None = None
    submit: str | Promise = ""
    hidden: Mapping[str, str] = field(default_factory=dict)
    kind: Literal["plain", "main", "bad"] = "plain"
    link: bool = False
    open: bool = False  # shown unfolded, e.g. after an error in its form


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One cell of `picture_grid`; `alt` says what is seen, `url` leads to the full size. Of one
    that was erased only the caption is shown, and that it was."""

    url: str
    alt: str
    thumb: str = ""
    caption: str | Promise = ""
    erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of `timeline`. `who` is a unit or a role, never a reporter's name."""

    at: datetime
    title: str | Promise
    who: str | Promise = ""
    text: str = ""
    said: str = ""
    kind: Literal["plain", "main", "good", "bad"] = "plain"
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One link of `tabs`."""

    label: str | Promise
    url: str
    current: bool = False
    count: int | None = None
