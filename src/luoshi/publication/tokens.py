"""Figures that are bound to a query: `{{cases.received period=2026-10}}`.

`settings.BULLETIN_TOKENS` names where tokens come from, as dotted paths of sequences of `Token`.
When a bulletin is published, each of its tokens is asked once and kept with the rows behind it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.publication.periods import BadPeriod, Period, period
from luoshi.publication.problems import Problem, place
from luoshi.publication.tables import Table

Words = str | Promise
LANGUAGES = ("zh-hans", "en")


class CannotTell(ValueError):
    """A figure that has no value, with the reason in a sentence of the reader's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a token is asked with. `tables`: those of the text in which it stands. `memo`: shared by
    the tokens of one text, for what several of them need."""

    district: int
    now: datetime
    values: Mapping[str, Any]
    tables: Sequence[Table] = ()
    memo: dict[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What a token answers, in plain text for each language where it differs.

    `shown`: as it stands in the sentence. `n`: how many things it is counted from. `rows`: what is
    behind it, added up already: never a single case, never anything about a person. `as_written`:
    the words in them are somebody's, in Chinese.
    """

    shown: Callable[[], str] | str
    n: int
    unit: Words = ""
    head: Sequence[Words] = ()
    rows: Sequence[Sequence[Words]] = ()
    value: int | None = None
    note: Words = ""
    as_written: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """`read` turns what was written into a value, or raises ValueError."""

    name: str
    help: Words
    example: str
    read: Callable[[str], Any] = str
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """`definition`: what is counted and what is not, in a sentence that a reader understands."""

    name: str
    title: Words
    definition: Words
    ask: Callable[[Asked], Figure]
    parameters: Sequence[Parameter] = ()

    @property
    def example(self) -> str:
        given = [f"{p.name}={p.example}" for p in self.parameters if p.required]
        return "{{" + " ".join([self.name, *given]) + "}}"


PERIOD = Parameter(
    name="period",
    help=gettext_lazy("2026, 2026-Q3, 2026-10, 2026-10-05 or 2026-10-01..2026-10-07"),
    example="2026-10",
    read=period,
)


@cache
def _load(paths: tuple[str, ...]) -> dict[str, Token]:
    return {token.name: token for path in paths for token in import_string(path)}


def registry() -> dict[str, Token]:
    """All tokens by name."""
    return _load(tuple(settings.BULLETIN_TOKENS))


# ---- Reading ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A token as it stands in a text. `key`: the same for the same question, however written."""

    raw: str
    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    line: int = 0
    column: int = 0

    @property
    def key(self) -> str:
        return " ".join([self.name, *(f"{k}={v}" for k, v in sorted(self.values.items()))])


_BRACES = re.compile(r"\{\{|\}\}")
_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")
_VALUE = re.compile(r'\s*([a-z_]+)=(?:"([^"{}\n]*)"|([^\s"{}]+))(?=\s|$)')


def uses(text: str) -> tuple[list[Use], list[Problem]]:
    """Every token of a text and everything that is none but looks like one, with their places."""
    found, problems = list[Use](), list[Problem]()
    at = 0
    while opened := _BRACES.search(text, at):
        line, column = place(text, opened.start())
        closed = _BRACES.search(text, opened.end())
        inside = text[opened.end() : closed.start()] if closed else "\n"
        at = opened.end()
        if opened[0] == "}}" or not closed or closed[0] == "{{" or "\n" in inside:
            what = _("A token begins with {{ and ends with }} on the same line.")
            problems.append(Problem(what=what, line=line, column=column))
            continue
        at = closed.end()
        use = _use(text[opened.start() : at], inside.strip(), line, column)
        if isinstance(use, Problem):
            problems.append(use)
        else:
            found.append(use)
    return found, problems


def _use(raw: str, inside: str, line: int, column: int) -> Use | Problem:
    name = _NAME.match(inside)
    rest = inside[name.end() :] if name else ""
    values: dict[str, str] = {}
    while rest.strip():
        given = _VALUE.match(rest)
        if not given or given[1] in values:
            name = None
            break
        values[given[1]] = given[2] if given[2] is not None else given[3]
        rest = rest[given.end() :]
    if not name or "{" in inside or "}" in inside:
        what = _("Write a token as {{name parameter=value}}, for example %(example)s.") % {
            "example": "{{cases.received period=2026-10}}"
        }
        return Problem(what=what, line=line, column=column)
    return Use(raw=raw, name=name[0], values=values, line=line, column=column)


def read(use: Use) -> tuple[Token, dict[str, Any]]:
    """The token and the values of its parameters. Raises CannotTell, with the remedy."""
    token = registry().get(use.name)
    if token is None:
        raise CannotTell(
            _("There is no token “%(name)s”: choose one from the list.") % {"name": use.name}
        )
    known = {parameter.name: parameter for parameter in token.parameters}
    for name in use.values:
        if name not in known:
            names = ", ".join(known) or _("none")
            raise CannotTell(
                _("%(token)s has no parameter “%(name)s”, only: %(names)s.")
                % {"token": use.name, "name": name, "names": names}
            )
    values = dict[str, Any]()
    for parameter in token.parameters:
        if parameter.name in use.values:
            values[parameter.name] = _value(token, parameter, use.values[parameter.name])
        elif parameter.required:
            raise CannotTell(
                _("%(token)s needs %(name)s=…: %(help)s.")
                % {"token": use.name, "name": parameter.name, "help": parameter.help}
            )
    return token, values


def _value(token: Token, parameter: Parameter, text: str) -> Any:
    try:
        return parameter.read(text)
    except ValueError as error:
        raise CannotTell(
            _("“%(value)s” is no %(name)s for %(token)s: %(help)s.")
            % {
                "value": text,
                "name": parameter.name,
                "token": token.name,
                "help": parameter.help,
            }
        ) from error


# ---- Asking ----

Frozen = dict[str, Any]
"""JSON: key, name, n, value, at, since, until, and for each language shown, title, definition,
unit, note, head, rows."""


def ask(
    use: Use,
    *,
    district: int,
    now: datetime,
    tables: Sequence[Table] = (),
    memo: dict[Any, Any] | None = None,
) -> Frozen:
    """The figure as it is kept: value, rows, definition, time. Raises CannotTell."""
    token, values = read(use)
    span = values.get("period")
    if isinstance(span, Period) and span.since >= now:
        raise CannotTell(_("%(token)s: this period has not begun.") % {"token": use.name})
    memo = {} if memo is None else memo
    figure = token.ask(Asked(district=district, now=now, values=values, tables=tables, memo=memo))
    frozen: Frozen = {"key": use.key, "name": use.name, "n": figure.n, "value": figure.value}
    frozen["as_written"] = figure.as_written
    frozen["at"] = now.isoformat()
    if isinstance(span, Period):
        frozen["since"], frozen["until"] = span.since.isoformat(), span.until.isoformat()
    for language in LANGUAGES:
        with translation.override(language):
            frozen[language] = _words(token, figure)
    return frozen


def _words(token: Token, figure: Figure) -> dict[str, Any]:
    return {
        "shown": figure.shown if isinstance(figure.shown, str) else figure.shown(),
        "title": str(token.title),
        "definition": str(token.definition),
        "unit": str(figure.unit),
        "note": str(figure.note),
        "head": [str(word) for word in figure.head],
        "rows": [[str(cell) for cell in row] for row in figure.rows],
    }


__all__ = [
    "PERIOD", "Asked", "BadPeriod", "CannotTell", "Figure", "Frozen", "Parameter", "Period",
    "Token", "Use", "ask", "read", "registry", "uses",
]  # fmt: skip
