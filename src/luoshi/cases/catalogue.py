"""The writer of categories and of the library of answers; packs and the demo call it."""

from collections.abc import Sequence

from luoshi.cases.models import Answer, Category


def put_category(
    *,
    district: int,
    code: str,
    field: str,
    name: str,
    name_en: str,
    urgency: str = "ordinary",
    tier: str = "papers",
    picture_needed: bool = False,
    measures: Sequence[str] = (),
    words: Sequence[str] = (),
) -> None:
    """Create or change one category; cases keep what was said when they were classified."""
    Category.objects.update_or_create(
        district_id=district,
        code=code,
        defaults={
            "field": field,
            "name": name,
            "name_en": name_en,
            "urgency": urgency,
            "tier": tier,
            "picture_needed": picture_needed,
            "measures": list(measures),
            "words": list(words),
            "active": True,
        },
    )


def put_answer(
    *, district: int, code: str, kind: str, title: str, title_en: str, text: str
) -> None:
    """Create or change an answer of the library (kind "answer") or a reason ("decline")."""
    Answer.objects.update_or_create(
        district_id=district,
        code=code,
        defaults={
            "kind": kind,
            "title": title,
            "title_en": title_en,
            "text": text,
            "active": True,
        },
    )
