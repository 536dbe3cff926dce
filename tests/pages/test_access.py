"""Who gets what: every address of the project against every part that somebody can have.

The table is the promise. An address without a row fails here, and so does a row without address.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from luoshi.cases import queries
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.rooms import enter

PHONE, NAME = "13912345678", "孙桂兰"
SECRET = "the head of the garden office takes money"
PLAIN = "a plot of vegetables"

COLUMNS = (
    "anonymous", "desk", "owner", "other", "drawn", "verifier", "inspector", "concerned",
    "neutral", "panel", "data",
)  # fmt: skip
"""owner: handler of the unit that has the cases; other: handler of the accused unit; drawn: the
verifier of the open case; verifier: another one; concerned: leader above the owner; neutral: of no
unit concerned, but of one that is accused in the case `accusing`."""

WHO = {
    "desk": "desk1",
    "owner": "community1",
    "other": "garden1",
    "inspector": "inspector1",
    "concerned": "leader2",
    "neutral": "leader1",
    "panel": "panel1",
    "data": "data1",
}


@dataclass
class World:
    """The objects, all from one reporter, all the community's but for the new one, which nobody
    has yet: `open` is claimed, `sealed` is confidential and accuses the garden, `accusing` is
    ordinary and accuses garden and government, `own` is confidential and accuses its owner."""

    cast: Cast
    clients: dict[str, Client]
    names: dict[str, str]
    case: dict[str, int] = field(default_factory=dict)
    report: dict[str, int] = field(default_factory=dict)
    picture: dict[str, int] = field(default_factory=dict)


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.RAISED_PERCENT = 0
    cast, now = casting.build(), timezone.now()
    made = World(cast, {"anonymous": Client(headers={"Accept-Language": "en"})}, dict(WHO))
    units = cast.units
    kinds: dict[str, dict[str, Any]] = {
        "new": {},
        "open": {},
        "sealed": {"confidential": True, "accused": (units["garden"],)},
        "accusing": {"accused": (units["garden"], units["government"])},
        "own": {"confidential": True, "accused": (units["community"],)},
    }
    for kind, given in kinds.items():
        words = SECRET if "confidential" in given else PLAIN
        received = cast.report(now, text=words, phone=PHONE, name=NAME, pictures=[photo()], **given)
        made.case[kind], made.report[kind] = received.case, received.report
        page = queries.case_page(case=received.case, person=cast.people["inspector1"], now=now)
        assert page
        made.picture[kind] = page.pictures[0].id
        if kind != "new":
            _hand_to_the_community(cast, received.case, now, sealed="confidential" in given)
    drawn = cast.name_of(cast.claim("community1", made.case["open"], now).state.verifier)
    cast.do(drawn, made.case["open"], "open", now)
    made.names["drawn"] = drawn
    made.names["verifier"] = next(f"verifier{n}" for n in (1, 2, 3) if f"verifier{n}" != drawn)
    made.clients.update({column: enter(cast, who) for column, who in made.names.items()})
    return made


def _hand_to_the_community(cast: Cast, case: int, now: datetime, *, sealed: bool) -> None:
    desk = "inspector1" if sealed else "desk1"
    cast.do(desk, case, "classify", now, category="estate.parking", text="summary")
    cast.do(desk, case, "assign", now, owner=cast.units["community"])
    cast.do("community1", case, "acknowledge", now)


def addresses() -> dict[str, URLPattern]:
    """Every named address of ours by its full name; the admin and the sign-in have their own
    tests."""
    return {
        name: found
        for name, found in _walk(get_resolver(), "")
        if not name.startswith(("account_", "mfa_"))
    }


def _walk(resolver: URLResolver, space: str) -> Iterator[tuple[str, URLPattern]]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver) and found.namespace == "admin":
            continue
        if isinstance(found, URLPattern):
            assert found.name, f"an address without a name cannot have a row: {found}"
            yield space + found.name, found
        elif isinstance(found, URLResolver):
            inner = f"{found.namespace}:" if found.namespace else ""
            yield from _walk(found, space + inner)
