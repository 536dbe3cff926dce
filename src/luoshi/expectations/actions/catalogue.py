"""What packs put into a district: fields, kinds, sources, figures, records, plans, expectations."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from luoshi.expectations.models import (
    Expectation,
    Field,
    FigureKind,
    Kind,
    Plan,
    RecordKind,
    Source,
    Version,
)


class VersionChanged(ValueError):
    """An installed version would say something else: raise its number and give a reason."""


def put_field(
    *, district: int, code: str, name: str, name_en: str, about: str = "", about_en: str = ""
) -> None:
    """Create or rename a field."""
    texts = {"name": name, "name_en": name_en, "about": about, "about_en": about_en}
    Field.objects.update_or_create(district=district, code=code, defaults=texts)


def put_source(
    *,
    district: int,
    field: str,
    code: str,
    kind: str,
    title: str,
    title_en: str,
    date: str = "",
    url: str = "",
    note: str = "",
    note_en: str = "",
) -> None:
    """Create or complete a source; `date` as exact as it is known (2020, 2020-02, 2020-02-22)."""
    texts = {
        "kind": kind,
        "title": title,
        "title_en": title_en,
        "date": date,
        "url": url,
        "note": note,
        "note_en": note_en,
    }
    Source.objects.update_or_create(district=district, field=field, code=code, defaults=texts)


def put_kind(
    *,
    district: int,
    field: str,
    code: str,
    name: str,
    name_en: str,
    part_of: str = "",
    public: bool = False,
    facts: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Create or change a kind of subject."""
    said = {
        "field": field,
        "name": name,
        "name_en": name_en,
        "part_of": part_of,
        "public": public,
        "facts": [dict(fact) for fact in facts],
    }
    Kind.objects.update_or_create(district=district, code=code, defaults=said)


def put_figure_kind(
    *,
    district: int,
    field: str,
    kind: str,
    code: str,
    name: str,
    name_en: str,
    unit: str = "",
    unit_name: str = "",
    unit_name_en: str = "",
    decimals: int = 0,
    signal: bool = False,
) -> None:
    """Create or change what is reported; values reported before keep their meaning only while the
    unit stays, so another unit wants another code."""
    said = {
        "field": field,
        "name": name,
        "name_en": name_en,
        "unit": unit,
        "unit_name": unit_name,
        "unit_name_en": unit_name_en,
        "decimals": decimals,
        "signal": signal,
    }
    row, fresh = FigureKind.objects.get_or_create(
        district=district, kind=kind, code=code, defaults=said
    )
    if not fresh:
        if row.unit != unit:
            raise VersionChanged(
                f"figure {code}: its unit was {row.unit!r}; another unit wants another code"
            )
        FigureKind.objects.filter(pk=row.pk).update(**said)


def put_record_kind(
    *,
    district: int,
    field: str,
    kind: str,
    code: str,
    name: str,
    name_en: str,
    fields: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Create or change a kind of record."""
    said = {"field": field, "name": name, "name_en": name_en, "fields": [dict(f) for f in fields]}
    RecordKind.objects.update_or_create(district=district, kind=kind, code=code, defaults=said)


def put_round(
    *,
    district: int,
    field: str,
    code: str,
    kind: str,
    name: str,
    name_en: str,
    every: int | None = None,
    expectations: Sequence[str] = (),
    draw: int | None = None,
) -> None:
    """Create or change a plan of rounds; no expectations: all of the kind that people look at."""
    said = {
        "field": field,
        "kind": kind,
        "name": name,
        "name_en": name_en,
        "every": every,
        "expectations": list(expectations),
        "draw": draw,
    }
    Plan.objects.update_or_create(district=district, code=code, defaults=said)


SAID = (
    "title",
    "title_en",
    "help",
    "help_en",
    "source",
    "clause",
    "named",
    "severity",
    "days",
    "tier",
    "category",
    "duty",
    "every",
    "spec",
    "valid_from",
    "valid_to",
    "reason",
)


def put_expectation(
    *,
    district: int,
    field: str,
    code: str,
    version: int,
    kind: str,
    method: str,
    spec: Mapping[str, Any],
    title: str,
    title_en: str,
    source: str,
    category: str,
    valid_from: date,
    now: datetime,
    severity: str = "ordinary",
    days: int = 5,
    tier: str = "papers",
    duty: str = "",
    every: int | None = None,
    valid_to: date | None = None,
    reason: str = "",
    help: str = "",
    help_en: str = "",
    clause: str = "",
    named: bool = False,
) -> bool:
    """Put one version in force; whether it is new. The same again changes nothing.

    Raises VersionChanged when the version is there and says something else, when it jumps over a
    number, when it has no reason (from the second on), or when kind or method are not those of
    the first.
    """
    said = {
        "title": title,
        "title_en": title_en,
        "help": help,
        "help_en": help_en,
        "source": source,
        "clause": clause,
        "named": named,
        "severity": severity,
        "days": days,
        "tier": tier,
        "category": category,
        "duty": duty or category,
        "every": every,
        "spec": dict(spec),
        "valid_from": valid_from,
        "valid_to": valid_to,
        "reason": reason,
    }
    with transaction.atomic():
        row, _ = Expectation.objects.get_or_create(
            district=district,
            code=code,
            defaults={"field": field, "kind": kind, "method": method},
        )
        if (row.kind, row.method) != (kind, method):
            raise VersionChanged(
                f"{code}: it was {row.method} of {row.kind}; what is checked otherwise, or of "
                "another kind, is another expectation: give it a new code"
            )
        known = Version.objects.filter(expectation=row, number=version).first()
        if known is not None:
            _must_be_same(known, said, code, version)
            return False
        last = Version.objects.filter(expectation=row).order_by("-number").first()
        _must_follow(last, version, reason, valid_from, code)
        Version.objects.create(district=district, expectation=row, number=version, at=now, **said)
        return True


def _must_be_same(known: Version, said: Mapping[str, Any], code: str, version: int) -> None:
    changed = [name for name in SAID if getattr(known, name) != said[name]]
    if changed:
        raise VersionChanged(
            f"{code}: version {version} is in force and never changes ({', '.join(changed)}): "
            f"write version {version + 1} with a reason"
        )


def _must_follow(
    last: Version | None, version: int, reason: str, valid_from: date, code: str
) -> None:
    if last is None:
        if version != 1:
            raise VersionChanged(f"{code}: begins with version 1, not {version}")
        return
    if version != last.number + 1:
        raise VersionChanged(f"{code}: version {version} does not follow version {last.number}")
    if not reason:
        raise VersionChanged(f"{code}: version {version} needs a reason")
    if valid_from < last.valid_from:
        raise VersionChanged(f"{code}: version {version} begins before version {last.number}")
