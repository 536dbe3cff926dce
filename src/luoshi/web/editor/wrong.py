"""What is wrong with a text, said with its place: field, line, column, and the line itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.publication.content import Content
from luoshi.publication.problems import Problem

FIELD = {
    "title": gettext_lazy("Title"),
    "title_en": gettext_lazy("Title in English"),
    "body": gettext_lazy("Body"),
    "body_en": gettext_lazy("Text in English"),
    "unit": gettext_lazy("Unit that answers for it"),
    "reason": gettext_lazy("What is corrected, and why"),
    "expires_at": gettext_lazy("Over after"),
    "publish_at": gettext_lazy("Publish at"),
}
EXCERPT = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`anchor`: the field on the page. `quoted`: the line around the place, as far as it helps."""

    where: str
    what: str | Promise
    anchor: str
    quoted: str = ""


def faults(problems: Iterable[Problem], content: Content | None) -> list[Fault]:
    return [
        Fault(
            where=_where(problem),
            what=problem.what,
            anchor=_anchor(problem.field),
            quoted=_quoted(problem, content),
        )
        for problem in problems
    ]


def _where(problem: Problem) -> str:
    field = problem.field
    table = field.startswith("table:")
    name = _("Table %(n)s") % {"n": field[6:]} if table else str(FIELD.get(field, ""))
    if table and problem.line:
        if problem.column:
            return _("%(field)s, row %(line)s, cell %(column)s") % _numbers(name, problem)
        return _("%(field)s, row %(line)s") % _numbers(name, problem)
    if problem.line:
        return _("%(field)s, line %(line)s, column %(column)s") % _numbers(name, problem)
    return name


def _numbers(name: str, problem: Problem) -> dict[str, str | int]:
    return {"field": name, "line": problem.line, "column": problem.column}


def _anchor(field: str) -> str:
    return f"table-{int(field[6:]) - 1}-text" if field.startswith("table:") else field


def _quoted(problem: Problem, content: Content | None) -> str:
    if content is None or not problem.line or problem.field not in ("body", "body_en"):
        return ""
    lines = getattr(content, problem.field).split("\n")
    line: str = lines[problem.line - 1] if problem.line <= len(lines) else ""
    start = max(problem.column - 1 - EXCERPT, 0)
    end = problem.column - 1 + EXCERPT
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"
