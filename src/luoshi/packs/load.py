"""Putting packs into a district: its expectations and what they stand on, categories, answers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from luoshi.cases import catalogue
from luoshi.expectations import actions as expectations
from luoshi.packs.check import HERE, check
from luoshi.packs.methods import METHODS
from luoshi.packs.mistakes import Mistake, PackError
from luoshi.packs.shelf import Entry, Pack, Shelf

__all__ = ["PackError", "install"]


def install(*, district: int, now: datetime, folders: Sequence[Path] | None = None) -> int:
    """Put the packs of these folders into a district, all known ones when None; how many entries.

    Doing it again changes what the packs changed and doubles nothing. The content of an installed
    version of an expectation never changes. Raises PackError, and puts nothing, when there is a
    mistake in any of the packs.
    """
    checked = check(folders, known=[HERE])
    _refuse(checked.mistakes)
    shelf = Shelf(checked.packs)
    with transaction.atomic():
        for pack in checked.packs:
            _put_field(district, pack)
        return len(checked.packs) + sum(
            _put_section(district, section, shelf, now) for section in SECTIONS
        )


def _refuse(mistakes: Iterable[Mistake]) -> None:
    if told := "\n".join(str(mistake) for mistake in mistakes):
        raise PackError(told)


def _put_field(district: int, pack: Pack) -> None:
    texts = {
        name: pack.data[name]
        for name in ("name", "name_en", "about", "about_en")
        if name in pack.data
    }
    expectations.put_field(district=district, code=pack.field, **texts)


# What is referred to comes before what refers to it.
SECTIONS = (
    *("categories", "answers", "declines"),
    *("sources", "kinds", "figures", "records"),
    *("expectations", "rounds"),
)


def _put_section(district: int, section: str, shelf: Shelf, now: datetime) -> int:
    # A version follows the one before, wherever it stands in the file.
    entries = sorted(shelf.entries(section), key=lambda entry: entry.data.get("version", 0))
    for entry in entries:
        _put(section, entry, now, {"district": district, "field": entry.pack.field})
    return len(entries)


def _put(section: str, entry: Entry, now: datetime, at: dict[str, Any]) -> None:
    said = dict(entry.data)
    match section:
        case "categories":
            catalogue.put_category(**at, **said)
        case "answers" | "declines":
            kind = section.removesuffix("s")
            catalogue.put_answer(district=at["district"], kind=kind, **said)
        case "sources":
            expectations.put_source(**at, **said)
        case "kinds":
            expectations.put_kind(**at, **said | {"part_of": said.get("part_of") or ""})
        case "figures":
            expectations.put_figure_kind(**at, **said)
        case "records":
            expectations.put_record_kind(**at, **said)
        case "rounds":
            expectations.put_round(**at, **_round(said))
        case "expectations":
            _put_expectation(entry, now, at)


def _round(said: Mapping[str, Any]) -> dict[str, Any]:
    """A plan of rounds, as the actions want it: no codes for all, no size for no draw."""
    wanted, draw = said["expectations"], said.get("draw")
    return {
        **said,
        "expectations": () if wanted == "all" else wanted,
        "draw": draw["size"] if draw else None,
    }


def _put_expectation(entry: Entry, now: datetime, at: dict[str, Any]) -> None:
    try:
        expectations.put_expectation(now=now, **at, **_version(entry.data))
    except expectations.VersionChanged as error:
        reading = entry.pack.reading
        remedy = "leave this version as it was installed, and add the next one below it"
        where = reading.where(entry.path)
        _refuse([Mistake(reading.name, entry.line, where, str(error), remedy)])


def _version(data: Mapping[str, Any]) -> dict[str, Any]:
    """One version, with its method by name and its days as dates."""
    method = next(name for name in METHODS if name in data)
    said = {name: data[name] for name in data if name not in (method, "from", "to")}
    return said | {
        "method": method,
        "spec": data[method],
        "valid_from": date.fromisoformat(data["from"]),
        "valid_to": date.fromisoformat(data["to"]) if data.get("to") else None,
    }
