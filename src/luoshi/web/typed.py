"""What was typed so far of a report, before anything of it is checked: to be held against what is
known already."""

from collections.abc import Mapping

from luoshi.cases import queries
from luoshi.cases.queries import Told
from luoshi.registry import queries as registry
from luoshi.registry.facts import DistrictInfo
from luoshi.web.asked import key
from luoshi.web.public.place import resolve

FEWEST_TOKENS = 2
"""Of the words: with fewer, everything would be alike."""
LONGEST = 2_000
"""Characters that are looked at."""


def told(
    district: DistrictInfo, typed: Mapping[str, str], *, spot: str, by_desk: bool = False
) -> Told | None:
    """None while it says too little. `spot`: the field that holds the place chosen from a list.
    Only a category that the desk chose rules others out; a resident's is a guess."""
    text, where, area, place, category = (
        typed.get(name, "").replace("\x00", "")[:LONGEST]
        for name in ("text", "place", "area", spot, "category")
    )
    there = resolve(district, text=where or text, area=area, spot=key(place), point=None)
    found = Told(
        text=text,
        area=there.area,
        subject=there.subject,
        category=category or queries.guess_category(district.id, text),
        names=tuple(registry.place_names(area=there.area, subject=there.subject)),
        sorted=by_desk and bool(category),
    )
    return found if len(found.telling) >= FEWEST_TOKENS else None
