"""Who gets what: every address of the project against every part that somebody can have.

The table is the promise. An address without a row fails here, and so does a row without address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Command
from luoshi.web.case.panel import FORMS
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.rooms import body, enter, rows_of, weight
from tests.paper import text_of

PHONE, NAME = "13912345678", "孙桂兰"
SECRET = "the head of the garden office takes money"
PLAIN = "a plot of vegetables"
LATER = "it was at my own stall"
OBJECTS = ("new", "open", "sealed", "accusing", "own")

COLUMNS = (
    "anonymous", "desk", "owner", "other", "drawn", "verifier", "inspector", "concerned",
    "neutral", "panel", "data",
)  # fmt: skip
"""owner: handler of the unit that has the cases; other: handler of the accused unit; drawn: the
verifier of the open case; verifier: another one; concerned: leader above the owner; neutral: of no
unit concerned, but of one that is accused in the case `accusing`."""

TABLE = """
                                                      ano des own oth dra ver ins con neu pan dat
cases:change         -                                all 405
cases:csv            -                                in 200 200 200 403 403 200 200 200 403 403
cases:index          -                                in 200 200 200 403 403 200 200 200 403 403
cases:save           -                                all 405
cases:views          -                                in 200 200 200 403 403 200 200 200 403 403
cases:xlsx           -                                in 200 200 200 403 403 200 200 200 403 403
case:dispatch        new                              in 302 404 404 404 404 302 302 302 404 404
case:dispatch        open                             in 302 302 404 302 404 302 302 302 404 404
case:dispatch        sealed,own                       in 404 302 404 404 404 302 302 404 404 404
case:dispatch        accusing                         in 302 302 404 404 404 302 302 404 404 404
case:do              new                              in 302 404 404 404 404 302 302 302 404 404
case:do              open                             in 302 302 404 302 404 302 302 302 404 404
case:do              sealed,own                       in 404 302 404 404 404 302 302 404 404 404
case:do              accusing                         in 302 302 404 404 404 302 302 404 404 404
case:earlier         new                              in 200 404 404 404 404 404 404 404 404 404
case:earlier         open,sealed,accusing,own         in 404 404 404 404 404 404 404 404 404 404
case:older           new                              in 200 404 404 404 404 404 404 404 404 404
case:older           open                             in 404 404 404 404 404 404 404 404 404 404
case:older           accusing                         in 200 404 404 404 404 404 404 404 404 404
case:older           sealed,own                       in 404 404 404 404 404 200 404 404 404 404
case:picture         new                              in 200 404 404 404 404 200 200 200 404 404
case:picture         open                             in 200 200 404 200 404 200 200 200 404 404
case:picture         sealed,own                       in 404 404 404 404 404 200 404 404 404 404
case:picture         accusing                         in 200 200 404 404 404 200 200 404 404 404
case:places          new                              in 200 404 404 404 404 404 404 404 404 404
case:places          open,sealed,accusing,own         in 404 404 404 404 404 404 404 404 404 404
case:reveal          new,open,accusing                in 200 404 404 404 404 404 404 404 404 404
case:reveal          sealed,own                       in 404 404 404 404 404 200 404 404 404 404
case:show            new                              in 200 404 404 404 404 200 200 200 404 404
case:show            open                             in 200 200 404 200 404 200 200 200 404 404
case:show            sealed,own                       in 404 200 404 404 404 200 200 404 404 404
case:show            accusing                         in 200 200 404 404 404 200 200 404 404 404
case:suggest         new                              in 200 404 404 404 404 404 404 404 404 404
case:suggest         open,sealed,accusing,own         in 404 404 404 404 404 404 404 404 404 404
desk:handover        -                                in 200 403 403 403 403 403 403 403 403 403
desk:hints           -                                all 405
desk:index           -                                in 200 403 403 403 403 403 403 403 403 403
desk:merge           -                                all 405
desk:new             -                                in 200 403 403 403 403 403 403 403 403 403
desk:next            -                                in 302 403 403 403 403 403 403 403 403 403
desk:not_reached     new,open,sealed,accusing,own     all 405
desk:old             -                                in 200 403 403 403 403 403 403 403 403 403
desk:phone           -                                in 200 403 403 403 403 403 403 403 403 403
desk:suggestions     -                                in 200 403 403 403 403 403 200 200 403 200
desk:take            -                                all 405
desk:storm_end       -                                all 405
desk:unmerge         -                                all 405
editor:do            -                                all 405
editor:edit          -                                in 403 403 403 403 403 403 403 403 403 404
editor:index         -                                in 403 403 403 403 403 403 403 403 403 200
editor:new           -                                in 403 403 403 403 403 403 403 403 403 200
editor:show          -                                in 403 403 403 403 403 403 403 403 403 404
entries:correct      -                                in 403 403 403 403 403 404 403 403 403 403
entries:figures      -                                in 403 403 403 403 403 404 403 403 403 404
entries:file         -                                in 404 404 404 403 403 404 404 404 403 404
entries:index        -                                in 403 200 200 403 403 403 403 403 403 403
entries:proof        -                                in 403 403 403 403 403 404 403 403 403 404
entries:record       -                                in 403 403 403 403 403 404 403 403 403 404
fields:check         -                                in 403 403 403 403 403 404 403 403 403 403
fields:checked       -                                in 403 403 403 403 403 404 403 403 403 403
fields:draw          -                                all 404
fields:due           -                                in 200 403 403 403 403 200 200 200 403 200
fields:here          -                                in 200 200 200 200 200 200 200 200 200 200
fields:index         -                                in 200 403 403 403 403 200 200 200 403 200
fields:kept          -                                in 403 403 403 403 403 200 403 403 403 403
fields:kind          -                                in 404 403 403 403 403 404 404 404 403 404
fields:picture       -                                in 404 403 403 403 403 404 404 404 403 404
fields:place         -                                all 404
fields:places        -                                all 200
fields:round         -                                in 404 403 403 403 403 404 404 404 403 404
fields:round_new     -                                in 403 403 403 403 403 200 200 200 403 200
fields:rounds        -                                in 200 403 403 403 403 200 200 200 403 200
fields:show          -                                in 404 403 403 403 403 404 404 404 403 404
fields:standing      -                                in 404 403 403 403 403 404 404 404 403 404
fields:subject       -                                in 200 403 403 403 403 200 200 200 403 200
fields:worker        -                                all 200
handler:act          new                              in 403 404 404 403 403 403 403 403 403 403
handler:act          open,sealed,accusing,own         in 403 200 404 403 403 403 403 403 403 403
handler:index        -                                in 403 200 200 403 403 403 403 403 403 403
inspector:act        new,open,sealed,accusing,own     in 403 403 403 403 403 200 403 403 403 403
inspector:closed     -                                in 403 403 403 403 403 200 403 403 403 403
inspector:index      -                                in 403 403 403 403 403 200 403 403 403 403
inspector:new        -                                in 403 403 403 403 403 200 403 403 403 403
inspector:open       -                                in 403 403 403 403 403 200 403 403 403 403
inspector:problems   -                                in 403 403 403 403 403 200 403 403 403 403
inspector:sealed     new,open,accusing                in 403 403 403 403 403 404 403 403 403 403
inspector:sealed     sealed,own                       in 403 403 403 403 403 200 403 403 403 403
leader:act           new,open                         in 403 403 403 403 403 403 200 200 403 403
leader:act           sealed,accusing,own              in 403 403 403 403 403 403 200 404 403 403
leader:brief         -                                in 403 403 403 403 403 403 200 200 403 403
leader:index         -                                in 403 403 403 403 403 403 200 200 403 403
leader:load          -                                in 403 403 403 403 403 403 200 200 403 403
leader:place         -                                in 403 403 403 403 403 403 404 404 403 403
open:feed            -                                all 200
open:index           -                                all 200
open:show            -                                all 404
open:streets         -                                all 200
panel:index          -                                in 403 403 403 403 403 403 403 403 200 403
notices:feed         -                                all 200
notices:index        -                                all 200
notices:print        -                                all 404
notices:show         -                                all 404
notices:version      -                                all 404
papers:case          new                              in 404 404 404 404 404 404 404 404 404 404
papers:case          open                             in 200 200 404 200 404 200 200 200 404 404
papers:case          sealed,own                       in 404 200 404 404 404 200 200 404 404 404
papers:case          accusing                         in 200 200 404 404 404 200 200 404 404 404
papers:field         -                                in 404 403 403 403 403 404 404 404 403 404
papers:problems      -                                in 403 403 403 403 403 200 403 403 403 403
papers:round         -                                in 404 403 403 403 403 404 404 404 403 404
prefer               -                               all 302
public:confidential  -                               all 200
public:deny          -                               all 405
public:dispute       -                               all 405
public:forget        -                               all 405
public:help          -                               all 200
public:home          -                               all 200
public:known         -                                all 405
public:leave         -                               all 405
public:link          -                               all 410
public:link_picture  -                               all 404
public:mine          -                               all 302
public:near          -                               all 405
public:picture       -                               all 302
public:receipt_text  -                               all 410
public:received      -                               all 410
public:reply         -                               all 405
public:report        -                               all 200
public:track         -                               all 200
public:verdict       -                               all 405
sheets:bad           -                                in 404 403 403 403 403 403 403 403 403 404
sheets:do            -                                all 405
sheets:index         -                                in 200 403 403 403 403 403 403 403 403 200
sheets:new           -                                in 404 403 403 403 403 403 403 403 403 404
sheets:show          -                                in 404 403 403 403 403 403 403 403 403 404
sheets:template      -                                in 404 403 403 403 403 403 403 403 403 404
sms:inbound          -                               all 405
staff_find           -                                in 200 200 200 200 200 200 200 200 200 200
staff_home           -                                in 200 200 200 200 200 200 200 200 200 200
verifier:index       -                                in 403 403 403 200 200 403 403 403 200 403
verifier:task        new,sealed,accusing,own          in 403 403 403 404 404 404 404 404 404 403
verifier:task        open                             in 403 403 403 200 404 404 404 404 404 403
"""
"""Answers to GET. `in`: sent to the sign-in. A part that may not enter a room gets 403; a case out
of his scope is 404 for everybody, as if there were none. What waits in `-` has no object.

Records and proofs of a subject are entered by data staff, inspectors, and handlers of a unit that
operates it or answers for it, figures by handlers of the unit that operates it, but for signals
(tests/pages/test_entries.py)."""

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
        "own": {"confidential": True},
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
    _accuse_the_owner(cast, made.case["own"], now)
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


def _accuse_the_owner(cast: Cast, case: int, now: datetime) -> None:
    """No accused unit is given a case; a second report of it may accuse the one that has it."""
    blamed = (cast.units["community"],)
    second = cast.report(now, text=SECRET, confidential=True, accused=blamed).case
    actions.merge(case=second, target=case, actor=cast.actor("inspector1"), now=now)


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


@dataclass(frozen=True, slots=True)
class Row:
    """One address on one object, and the answer for each of COLUMNS."""

    name: str
    kind: str
    answers: dict[str, str]


def rows() -> list[Row]:
    found = []
    for line in TABLE.strip().splitlines()[1:]:
        name, kinds, *cells = line.split()
        answers = [cells[1]] * len(COLUMNS) if cells[0] == "all" else cells
        by_column = dict(zip(COLUMNS, answers, strict=True))
        found += [Row(name, kind, by_column) for kind in kinds.split(",")]
    return found


COMMAND = {"handler:act": "note", "inspector:act": "inspect", "leader:act": "escalate"}


def address(world: World, row: Row) -> str:
    """The address of a row, with the ids of its object."""
    values = {
        "case": world.case.get(row.kind),
        "report": world.report.get(row.kind),
        "picture": world.picture.get(row.kind),
        "command": COMMAND.get(row.name, "note"),
        "signed": "nothing",
        "token": "nothing",
        "id": world.cast.estate,
        "number": "nothing",
        "version": 1,
        "code": "nothing",
        "kind": "nothing",
        "result": "unmet",
        "look": 1,
        "name": "nothing",
        "expectation": 1,
        "record": "nothing",
        "proof": 1,
        "file": 0,
        "handover": 1,
        "paper": "dispatch",
        "order": 1,
    }
    wanted = addresses()[row.name].pattern.converters
    return reverse(row.name, kwargs={name: values[name] for name in wanted})


def answer(got: Any) -> str:
    to_sign_in = got.status_code == 302 and got.headers["Location"].startswith("/sign-in/")
    return "in" if to_sign_in else str(got.status_code)


def test_every_address_has_its_rows_and_every_row_an_address() -> None:
    have = {row.name for row in rows()}
    assert addresses().keys() - have == set(), "a new address needs a row for every part"
    assert have - addresses().keys() == set(), "rows of addresses that are gone"
    for name, found in addresses().items():
        takes_object = found.pattern.converters.keys() & {"case", "report", "picture"}
        kinds = {row.kind for row in rows() if row.name == name}
        assert kinds == (set(OBJECTS) if takes_object else {"-"}), name


def test_everybody_gets_what_his_part_may_see_and_nothing_else(world: World) -> None:
    wrong = []
    for row in rows():
        url = address(world, row)
        for column, expected in row.answers.items():
            got = answer(world.clients[column].get(url))
            if got != expected:
                wrong.append(f"{row.name} {row.kind} as {column}: {got}, not {expected}")
    assert not wrong, "\n".join(wrong)


def pages(world: World, *kinds: str) -> Iterator[tuple[str, str, str]]:
    """Every page that anybody gets on these kinds of object, or on all: column, address, text."""
    for row in rows():
        if kinds and row.kind not in kinds:
            continue
        for column, expected in row.answers.items():
            if expected == "200" and row.name != "case:picture":
                url = address(world, row)
                yield column, url, told(world.clients[column].get(url))


def told(got: Any) -> str:
    """A page, or the words of a document."""
    if got.streaming:
        return " ".join(rows_of(got))
    printed = got.headers["Content-Type"] == "application/pdf"
    return text_of(got) if printed else body(got)


def test_no_page_shows_who_reported_or_what_was_told_in_confidence(world: World) -> None:
    """Only a reveal with a reason does, and that is no page one comes upon."""
    never = (NAME, PHONE[3:], SECRET)
    seen = [
        f"{word} {column} {url}"
        for column, url, text in pages(world)
        for word in never
        if word in text
    ]
    assert seen == []


MOST_BYTES = 150_000
"""Of a page without pictures: what a phone on a slow line has after a few seconds."""


def test_no_page_with_its_styles_and_scripts_is_heavy(world: World) -> None:
    sizes = {url: weight(text) for _, url, text in pages(world) if "<html" in text}
    largest = max(sizes, key=lambda url: sizes[url])
    assert sizes[largest] <= MOST_BYTES, (largest, sizes[largest])


def test_what_he_adds_later_reaches_the_inspection_team_alone(world: World) -> None:
    for kind in ("sealed", "own"):
        actions.act(
            case=world.case[kind],
            command=Command("reply"),
            actor=Actor(report=world.report[kind]),
            now=timezone.now(),
            text=LATER,
            pictures=[photo()],
        )
    readers = {column for column, _, text in pages(world, "sealed", "own") if LATER in text}
    assert readers == set()
    reason = {"reason": "to know what happened next"}
    for kind in ("sealed", "own"):
        url = f"/inspector/sealed/{world.report[kind]}/"
        got = {column: client.post(url, reason) for column, client in world.clients.items()}
        assert {c for c, page in got.items() if LATER in page.content.decode()} == {"inspector"}
    for column in ("owner", "concerned"):
        page = body(world.clients[column].get(f"/case/{world.case['own']}/"))
        assert "/case/picture/" not in page


def test_lists_name_no_case_out_of_scope(world: World) -> None:
    """What one may not open is not in one's lists either."""
    for column, url, text in pages(world, "-"):
        listed = {int(case) for case in re.findall(r"/case/(\d+)/", text)}
        closed_to_him = {
            world.case[row.kind]
            for row in rows()
            if row.name == "case:show" and row.answers[column] != "200"
        }
        assert not listed & closed_to_him, f"{column} {url}"


def test_no_command_succeeds_from_a_part_that_does_not_have_it(world: World) -> None:
    """All of them, typed in full, by everybody who has no seat for them."""
    typed = {
        "text": "because", "person": world.cast.people["community2"], "how": "call", "days": "2",
        "right_unit": world.cast.units["police"], "owner": world.cast.units["police"],
        "unit": world.cast.units["garden"], "outcome": "fixed", "measures": "cleared",
        "passed": "yes", "right": "yes", "granted": "yes", "review_at": "2099-01-01",
        "category": "estate.green", "urgency": "ordinary", "answer": "x", "reason": "x",
        "category1": "estate.green", "owner1": world.cast.units["police"], "what1": "this",
        "category2": "estate.green", "owner2": world.cast.units["police"], "what2": "that",
    }  # fmt: skip
    for kind in ("open", "own"):
        case = world.case[kind]
        before = _seq(case)
        for column, who in world.names.items():
            for command in _without_seat(world, case, who):
                url = f"/case/{case}/do/{command}/"
                got = world.clients[column].post(
                    url, {**typed, "seen": before}, headers={"HX-Request": "true"}
                )
                assert got.status_code in {400, 404, 409}, f"{column} {command} {kind}"
                assert _seq(case) == before, f"{column} {command} {kind}"


def test_whoever_replaces_the_accused_sees_what_he_must_act_on(world: World) -> None:
    cast, now = world.cast, timezone.now()
    team, leaders = cast.units["team"], (cast.units["government"], cast.units["street"])
    sealed = cast.report(now, confidential=True, accused=(team,)).case
    supervised = cast.handling(now, owner="garden", accused=leaders)
    seen = {
        (column, case): answer(world.clients[column].get(f"/case/{case}/"))
        for column in ("inspector", "neutral", "panel")
        for case in (sealed, supervised)
    }
    assert seen == {
        ("inspector", sealed): "404",
        ("neutral", sealed): "200",
        ("panel", sealed): "404",
        ("inspector", supervised): "200",
        ("neutral", supervised): "404",
        ("panel", supervised): "200",
    }


@pytest.mark.parametrize("command", ["draw", "tick", "receive", "verdict", "reply", "absorb"])
def test_what_no_officer_gives_has_no_address(world: World, command: str) -> None:
    for column in world.names:
        url = f"/case/{world.case['open']}/do/{command}/"
        assert world.clients[column].post(url, {"seen": 1}).status_code == 404


def _without_seat(world: World, case: int, who: str) -> list[str]:
    person = world.cast.people[who]
    page = queries.case_page(case=case, person=person, now=timezone.now())
    allowed = {kind for kind, reason in page.possible.items() if reason is None} if page else set()
    if "classify" in allowed:
        allowed.add("dispatch")
    return [command for command in FORMS if command not in allowed]


def _seq(case: int) -> int:
    found = queries.line(case)
    assert found
    return found.seq
