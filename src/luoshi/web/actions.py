"""What a page offers as things to do now: the allowed ones, and the others with their reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
