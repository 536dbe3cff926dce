"""Categories and the library of answers."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from luoshi.cases.models import Answer, Category
from luoshi.infra import direct


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
    """Every active category, by code; one query."""
    rows = direct.select(  # for every form that somebody without an account opens or sends
        "SELECT code, field, name, name_en, urgency, tier, picture_needed, measures, words"
        " FROM cases_category WHERE district_id = %s AND active ORDER BY code",
        [district],
    )
    return tuple(
        CategoryInfo(
            code, field, name, name_en, urgency, tier, bool(needed), _words(measures), _words(words)
        )
        for code, field, name, name_en, urgency, tier, needed, measures, words in rows
    )


def category(district: int, code: str) -> CategoryInfo | None:
    """One category, active or not; one query."""
    row = Category.objects.filter(district_id=district, code=code).first()
    return _category(row) if row else None


def answers(district: int, kind: str) -> tuple[AnswerInfo, ...]:
    """The library of answers ("answer") or the listed reasons for declining ("decline")."""
    rows = Answer.objects.filter(district_id=district, kind=kind, active=True).order_by("code")
    return tuple(AnswerInfo(r.code, r.kind, r.title, r.title_en, r.text) for r in rows)


def guess_category(district: int, text: str) -> str:
    """`guess` among all categories of a district; one query."""
    return guess(categories(district), text)


def guess(among: Iterable[CategoryInfo], text: str) -> str:
    """The category most of whose words the text contains, "" when none or two are level.

    Only to recognise a problem that came back; whoever triages decides what it is.
    """
    hits = sorted(((sum(word in text for word in c.words), c.code) for c in among), reverse=True)
    if not hits or hits[0][0] == 0 or (len(hits) > 1 and hits[0][0] == hits[1][0]):
        return ""
    return hits[0][1]


def _words(stored: str | list[str]) -> tuple[str, ...]:
    """A JSON column as the driver gives it."""
    return tuple(json.loads(stored) if isinstance(stored, str) else stored)


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
