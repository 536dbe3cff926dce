"""Reading the packs and putting their categories and answers into a district.

A pack is a folder with a pack.yaml. A mistake in one is told with the file and the entry.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from luoshi.cases import catalogue
from luoshi.cases.wording import MEASURE
from luoshi.rules.deadlines import URGENCIES
from luoshi.rules.state import NOTICE, Tier

HERE = Path(__file__).parent


class PackError(ValueError):
    """A pack that cannot be used; the text names the file, the entry and what is wrong."""


def packs(folder: Path = HERE) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every pack of a folder with its file, by name. Raises PackError for broken YAML."""
    for file in sorted(folder.glob("*/pack.yaml")):
        try:
            pack = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise PackError(f"{_name(file)}: not readable as YAML: {error}") from error
        if not isinstance(pack, dict) or "field" not in pack:
            raise PackError(f"{_name(file)}: a pack has a `field`, a `name` and a `name_en`")
        yield file, pack


def install(*, district: int, folder: Path = HERE) -> int:
    """Put every category and answer of the packs into the district; how many entries.

    Doing it again changes what the pack changed and doubles nothing.
    """
    count = 0
    for file, pack in packs(folder):
        for entry in pack.get("categories", ()):
            catalogue.put_category(district=district, field=pack["field"], **_checked(file, entry))
            count += 1
        for kind in ("answer", "decline"):
            for entry in pack.get(f"{kind}s", ()):
                catalogue.put_answer(district=district, kind=kind, **_complete(file, entry, TEXT))
                count += 1
    return count


TEXT = ("code", "title", "title_en", "text")


def _checked(file: Path, entry: Mapping[str, Any]) -> dict[str, Any]:
    """One category, with what cannot be right told at once rather than on some later page."""
    found = _complete(file, entry, ("code", "name", "name_en", "measures"))
    where = f"{_name(file)}, category {found['code']}"
    if (urgency := found.get("urgency", "ordinary")) not in URGENCIES:
        raise PackError(f"{where}: no such urgency {urgency!r}; use one of {', '.join(URGENCIES)}")
    if (tier := found.get("tier", Tier.PAPERS)) not in set(Tier):
        raise PackError(f"{where}: no such tier {tier!r}; use site or papers")
    if unknown := set(found["measures"]) - MEASURE.keys():
        raise PackError(f"{where}: unknown measures {', '.join(sorted(unknown))}")
    if not set(found["measures"]) - {NOTICE}:
        raise PackError(f"{where}: needs a measure that is more than a notice")
    return found


def _complete(file: Path, entry: Any, needed: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise PackError(f"{_name(file)}: an entry is a list of `name: value`, not {entry!r}")
    if missing := [name for name in needed if not entry.get(name)]:
        raise PackError(
            f"{_name(file)}, entry {entry.get('code', '?')}: missing {', '.join(missing)}"
        )
    return dict(entry)


def _name(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"
