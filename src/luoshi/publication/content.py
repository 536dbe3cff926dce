"""What a notice says, and everything that keeps it from being said.

A `Content` is what the author typed, kept as it is. `examine` reads it: tables, tokens, numbers;
`freeze` fills its tokens in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from luoshi.publication import numbers, tables, tokens
from luoshi.publication.problems import Problem
from luoshi.publication.tables import Given, Table
from luoshi.publication.text import LONGEST, MOST_LINES, clean, one_line

LONGEST_TITLE = 150
LONGEST_REASON = 500
MOST_TABLES = 6
MOST_TOKENS = 60
MOST_PROBLEMS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """`reason`: of a correction, in both languages. `expires_at`: when it is over, ISO or ""."""

    title: str
    title_en: str = ""
    body: str = ""
    body_en: str = ""
    tables: tuple[Given, ...] = ()
    reason: str = ""
    reason_en: str = ""
    expires_at: str = ""
    unit: int = 0

    @property
    def end(self) -> datetime | None:
        return datetime.fromisoformat(self.expires_at) if self.expires_at else None


def cleaned(content: Content) -> Content:
    """Without what no reader could see; texts that are too long are cut nowhere but refused."""
    return Content(
        title=one_line(content.title),
        title_en=one_line(content.title_en),
        body=clean(content.body),
        body_en=clean(content.body_en),
        tables=tuple(_cleaned(table) for table in content.tables if table.text.strip()),
        reason=clean(content.reason),
        reason_en=clean(content.reason_en),
        expires_at=content.expires_at,
        unit=content.unit,
    )


def _cleaned(table: Given) -> Given:
    return Given(
        text=clean(table.text),
        title=one_line(table.title),
        counted=one_line(table.counted),
        source=one_line(table.source),
    )


def to_json(content: Content) -> dict[str, Any]:
    return {**asdict(content), "tables": [asdict(table) for table in content.tables]}


def from_json(data: Mapping[str, Any]) -> Content:
    return Content(**{**data, "tables": tuple(Given(**table) for table in data["tables"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """`figures`: by the key of the token. `titles`: with their tokens filled in, by language."""

    problems: tuple[Problem, ...]
    tables: tuple[Table, ...]
    figures: Mapping[str, tokens.Frozen] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


TEXTS = ("title", "title_en", "body", "body_en")


def examine(content: Content, *, kind: str, district: int, now: datetime) -> Examined:
    """Reads everything and asks every token once."""
    found, problems = _tables(content, kind)
    figures, unread = _figures(content, found, district, now)
    problems += [*_lengths(content), *unread]
    if kind == "bulletin":
        problems += _typed(content)
    titles = {
        language: filled(title, figures, language)
        for language, title in (("zh-hans", content.title), ("en", content.title_en))
    }
    if not problems:
        problems += _sums(content, found, titles)
    return Examined(
        problems=tuple(sorted(problems[:MOST_PROBLEMS], key=_order)),
        tables=tuple(found),
        figures=figures,
        titles=titles,
    )


def _order(problem: Problem) -> tuple[bool, int, str, int, int]:
    """As the page has its fields: texts in their order, then tables."""
    field = problem.field
    at = TEXTS.index(field) if field in TEXTS else len(TEXTS)
    return (bool(field), at, field, problem.line, problem.column)


def filled(text: str, figures: Mapping[str, tokens.Frozen], language: str) -> str:
    """A line with its tokens replaced by their values."""
    for use in tokens.uses(text)[0]:
        if use.key in figures:
            text = text.replace(use.raw, figures[use.key][language]["shown"])
    return text


def _lengths(content: Content) -> Iterator[Problem]:
    if not content.title.strip():
        yield Problem(field="title", what=_("A title is needed."))
    if not content.body.strip():
        yield Problem(field="body", what=_("There is no text yet."))
    for name, longest in (("title", LONGEST_TITLE), ("title_en", LONGEST_TITLE)):
        if len(getattr(content, name)) > longest:
            yield Problem(
                field=name, what=_("At most %(n)s characters: shorten it.") % {"n": longest}
            )
    for name in ("body", "body_en"):
        text = getattr(content, name)
        if len(text) > LONGEST or text.count("\n") >= MOST_LINES:
            yield Problem(
                field=name,
                what=_("At most %(n)s characters and %(lines)s lines: divide the text.")
                % {"n": LONGEST, "lines": MOST_LINES},
            )


def _tables(content: Content, kind: str) -> tuple[list[Table], list[Problem]]:
    found, problems = list[Table](), list[Problem]()
    if len(content.tables) > MOST_TABLES:
        problems.append(Problem(what=_("At most %(n)s tables.") % {"n": MOST_TABLES}))
    for n, given in enumerate(content.tables[:MOST_TABLES], start=1):
        table, wrong = tables.read(given)
        problems += [problem.of(f"table:{n}") for problem in wrong]
        if table:
            found.append(table)
            if kind == "bulletin" and not table.source and _has_number(given.text):
                what = _("A table with numbers names its source.")
                problems.append(Problem(field=f"table:{n}", what=what))
    return found, problems


def _has_number(text: str) -> bool:
    return any(char.isnumeric() for char in text)


def _figures(
    content: Content, found: Sequence[Table], district: int, now: datetime
) -> tuple[dict[str, tokens.Frozen], list[Problem]]:
    figures, problems = dict[str, tokens.Frozen](), list[Problem]()
    refused, memo = dict[str, str](), dict[Any, Any]()
    for name in TEXTS:
        used, wrong = tokens.uses(getattr(content, name)[:LONGEST])
        problems += [problem.of(name) for problem in wrong]
        for use in used:
            if use.key not in figures and use.key not in refused:
                if len(figures) >= MOST_TOKENS:
                    refused[use.key] = _("At most %(n)s figures in a text.") % {"n": MOST_TOKENS}
                else:
                    _ask(use, figures, refused, found, district, now, memo)
            if use.key in refused:
                problems.append(
                    Problem(field=name, line=use.line, column=use.column, what=refused[use.key])
                )
    return figures, problems


def _ask(
    use: tokens.Use,
    figures: dict[str, tokens.Frozen],
    refused: dict[str, str],
    found: Sequence[Table],
    district: int,
    now: datetime,
    memo: dict[Any, Any],
) -> None:
    try:
        figures[use.key] = tokens.ask(use, district=district, now=now, tables=found, memo=memo)
    except tokens.CannotTell as error:
        refused[use.key] = str(error)


def _typed(content: Content) -> Iterator[Problem]:
    """Numbers of a bulletin that somebody typed without saying where they come from."""
    for name in TEXTS:
        for quantity in numbers.unsourced(getattr(content, name)[:LONGEST]):
            yield Problem(
                field=name,
                line=quantity.line,
                column=quantity.column,
                what=_("“%(number)s” is typed and has no source: use a token, or write %(remedy)s.")
                % {
                    "number": quantity.text,
                    "remedy": _("[%(number)s](source: …)") % {"number": quantity.text},
                },
            )


def _sums(content: Content, found: Sequence[Table], titles: Mapping[str, str]) -> Iterator[Problem]:
    """A number in the title is the sum of a table that is added up."""
    sums = [table.sum for table in found if table.sum is not None]
    if not sums:
        return
    for name, title in (("title", content.title), ("title_en", content.title_en)):
        for quantity in numbers.unsourced(title):
            if quantity.value not in sums:
                yield Problem(
                    field=name,
                    line=quantity.line,
                    column=quantity.column,
                    what=_mismatch(quantity.text, sums),
                )


def _mismatch(number: str, sums: Sequence[int]) -> str | Promise:
    return _(
        "The title says %(number)s, but the posts in the table add up to %(sums)s: correct one of "
        "them, or write {{notice.posts}} in the title, which is always the sum."
    ) % {"number": number, "sums": ", ".join(map(str, sums))}
