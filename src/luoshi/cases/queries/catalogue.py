"""Categories and the library of answers."""

from collections.abc import Iterable
from dataclasses import dataclass

from luoshi.cases.models import Answer, Category
from luoshi.infra import kept


@dataclass(frozen=True, slots=True)
class CategoryInfo:
    code: str
    field: str
    name: str
    name_en: str
    urgency: str
    tier: str
    picture_needed: bool
    measures: tuple[str, ...]
    words: tuple[str, ...]

    def label(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name


@dataclass(frozen=True, slots=True)
class AnswerInfo:
    code: str
    kind: str  # answer | decline
    title: str
    title_en: str
    text: str

    def label(self, language: str) -> str:
        return self.title_en if language.startswith("en") else self.title


def categories(district: int) -> tuple[CategoryInfo, ...]:
    """Every active category, by code."""
    return tuple(found for found, active in _every(district).values() if active)


def category(district: int, code: str) -> CategoryInfo | None:
    """One category, active or not."""
    found = _every(district).get(code)
    return found[0] if found else None


@kept.by("cases_category")
def _every(district: int) -> dict[str, tuple[CategoryInfo, bool]]:
    """By code, in that order; and whether it is active."""
    rows = Category.objects.filter(district_id=district).order_by("code")
    return {row.code: (_category(row), row.active) for row in rows}


def answers(district: int, kind: str) -> tuple[AnswerInfo, ...]:
    """The library of answers ("answer") or the listed reasons for declining ("decline")."""
    return tuple(found for found in _answers(district) if found.kind == kind)


@kept.by("cases_answer")
def _answers(district: int) -> tuple[AnswerInfo, ...]:
    rows = Answer.objects.filter(district_id=district, active=True).order_by("code")
    return tuple(AnswerInfo(r.code, r.kind, r.title, r.title_en, r.text) for r in rows)


def guess_category(district: int, text: str) -> str:
    """`guess` among all categories of a district."""
    return guess(categories(district), text)


def guess(among: Iterable[CategoryInfo], text: str) -> str:
    """The category most of whose words the text contains, "" when none or two are level.

    Only to recognise a problem that came back; whoever triages decides what it is.
    """
    hits = sorted(((sum(word in text for word in c.words), c.code) for c in among), reverse=True)
    if not hits or hits[0][0] == 0 or (len(hits) > 1 and hits[0][0] == hits[1][0]):
        return ""
    return hits[0][1]


def _category(row: Category) -> CategoryInfo:
    return CategoryInfo(
        code=row.code,
        field=row.field,
        name=row.name,
        name_en=row.name_en,
        urgency=row.urgency,
        tier=row.tier,
        picture_needed=row.picture_needed,
        measures=tuple(row.measures),
        words=tuple(row.words),
    )
