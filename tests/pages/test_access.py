"""Who gets what: every address of the project against every part that somebody can have.

The table is the promise. An address without a row fails here, and so does a row without address.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from luoshi.cases import queries
from luoshi.web.case.panel import FORMS
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.rooms import body, enter

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
    """An open claimed case, a sealed one that accuses the garden, an ordinary one that accuses
    garden and government; all of them the community's, all from one reporter."""

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
    accusing = {
        "open": {},
        "sealed": {"confidential": True, "accused": (cast.units["garden"],)},
        "accusing": {"accused": (cast.units["garden"], cast.units["government"])},
    }
    for kind, given in accusing.items():
        words = SECRET if kind == "sealed" else PLAIN
        received = cast.report(
            now, text=words, phone=PHONE, name=NAME, pictures=[photo()], **given
        )
        desk = "inspector1" if kind == "sealed" else "desk1"
        cast.do(desk, received.case, "classify", now, category="estate.parking", text="summary")
        cast.do(desk, received.case, "assign", now, owner=cast.units["community"])
        cast.do("community1", received.case, "acknowledge", now)
        made.case[kind], made.report[kind] = received.case, received.report
        page = queries.case_page(case=received.case, person=cast.people["inspector1"], now=now)
        assert page
        made.picture[kind] = page.pictures[0].id
    drawn = cast.name_of(cast.claim("community1", made.case["open"], now).state.verifier)
    cast.do(drawn, made.case["open"], "open", now)
    made.names["drawn"] = drawn
    made.names["verifier"] = next(f"verifier{n}" for n in (1, 2, 3) if f"verifier{n}" != drawn)
    made.clients.update({column: enter(cast, who) for column, who in made.names.items()})
    return made


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
