"""What it costs to take in a report and to act on a case."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.test import override_settings

from bench import plans, replay
from bench.rows import Row, rate
from luoshi.cases import actions, bulk, check
from luoshi.cases.actions import Actor, Child, Command, NewReport
from luoshi.trust import bulk as trust
from tests.cast import Cast

REPORTS, CLAIMS, PIECES = 300, 100, 10
SECOND = timedelta(seconds=1)


def measure(cast: Cast, now: datetime, say: Callable[[str], None]) -> list[Row]:
    say("receiving reports")
    rows = [_receive(cast, now)]
    say("receiving many reports at once")
    rows += [_many(cast, now, phones=False), _many(cast, now, phones=True)]
    rows.append(_sealing(cast, now, rows[-1]))
    say("claims")
    rows.append(_claim(cast, now))
    say("queries of each command")
    with override_settings(RAISED_PERCENT=0):  # a case drawn for a site visit asks for a picture
        rows += _queries(cast, now)
    say("checking what is stored")
    rows.append(_check())
    return rows


def _against(name: str, ours: float, plain: float, least: float) -> Row:
    return Row(
        name=name,
        database=connection.vendor,
        value=ours,
        unit="/s",
        reference=plain,
        goal=f"ratio at least {least}",
        holds=ours / plain >= least,
    )


def _receive(cast: Cast, now: datetime) -> Row:
    def one(number: int) -> None:
        cast.report(now + number * SECOND, external_id=f"bench-{number}")

    return _against(
        "receive a report (reference: the same rows in plain SQL)",
        *replay.compare(one, REPORTS),
        0.1,
    )


def _many(cast: Cast, now: datetime, *, phones: bool) -> Row:
    """As a spreadsheet comes in: pieces of the size in which the worker takes it."""

    def piece(number: int) -> None:
        reports = [
            NewReport(
                district=cast.district,
                door="sheet",
                external_id=f"{phones}-{number}-{n}",
                text=f"第{n}号楼楼道里堆满纸箱，晚上看不见路",
                phone=f"139{number:02}{n:06}" if phones else None,
            )
            for n in range(bulk.CHUNK)
        ]
        bulk.receive_many(reports=reports, now=now)

    ours, plain = replay.compare(piece, PIECES)
    told = "with sealed contacts" if phones else "without contacts"
    name = f"bulk import of reports {told} (reference: raw bulk insert of the same rows)"
    return _against(name, ours * bulk.CHUNK, plain * bulk.CHUNK, 0.5)


def _sealing(cast: Cast, now: datetime, whole: Row) -> Row:
    """What the sealing of those contacts takes by itself, beside the same reference: the part of
    it that no import which seals can save."""

    def piece(number: int) -> None:
        records = trust.Records(district=cast.district, now=now)
        for n in range(bulk.CHUNK):
            phone = f"139{number:02}{n:06}"
            records.contact(number=str(n), phone=phone, name=None, email=None)
        records.seal()

    return Row(
        name="sealing the contacts alone (reference: raw bulk insert of the same rows)",
        database=connection.vendor,
        value=rate(piece, PIECES) * bulk.CHUNK,
        unit="/s",
        reference=whole.reference,
    )


def _claim(cast: Cast, now: datetime) -> Row:
    cases = [cast.handling(now + n * SECOND) for n in range(CLAIMS)]

    def one(number: int) -> None:
        claim = {"outcome": "fixed", "measures": ["cleared"], "text": "已清理"}
        cast.do("community1", cases[number], "claim", now + SECOND, **claim)

    name = "claim and draw (reference: the same rows in plain SQL)"
    return _against(name, *replay.compare(one, CLAIMS), 0.05)


def _queries(cast: Cast, now: datetime) -> list[Row]:
    """One case through the loop; every statement counts, with the limit that it must not pass."""
    rows = []

    def count(name: str, most: int, command: Callable[[], actions.Done]) -> actions.Done:
        done: list[actions.Done] = []
        used = plans.statements(lambda: done.append(command()))
        rows.append(
            Row(
                name=f"statements: {name}",
                database=connection.vendor,
                value=used,
                unit="statements",
                goal=f"at most {most}",
                holds=used <= most,
            )
        )
        return done[0]

    got = cast.report(now)
    case, owner = got.case, cast.units["community"]
    claim = {"outcome": "fixed", "measures": ["cleared"], "text": "已组织人员清走杂物并冲洗地面"}
    say = Command("verdict", {"solved": True})
    me = Actor(report=got.report)
    part = Child(category="estate.parking", owner=cast.units["police"], summary="地锁")

    def do(who: str, kind: str, **given: object) -> actions.Done:
        return cast.do(who, case, kind, now, **given)

    count("classify", 13, lambda: do("desk1", "classify", category="estate.parking"))
    count("assign", 10, lambda: do("desk1", "assign", owner=owner))
    count("acknowledge", 7, lambda: do("community1", "acknowledge"))
    done = count("claim and draw", 26, lambda: do("community1", "claim", **claim))
    who = cast.name_of(done.state.verifier)
    count("open", 7, lambda: do(who, "open"))
    count("verify", 14, lambda: do(who, "verify", passed=True, heard="call"))
    count("verdict", 18, lambda: actions.act(case=case, command=say, actor=me, now=now))
    other = cast.handling(now)
    desk = cast.actor("desk1")
    count("split into two", 27, lambda: actions.split(
        case=other, children=[part, part], actor=desk, now=now)[0])  # fmt: skip
    return rows


def _check() -> Row:
    from luoshi.cases.models import Case

    count = Case.objects.count()
    found: list[check.Fault] = []
    speed = rate(lambda _: found.extend(check.faults()), 1) * count
    return Row(
        name=f"check_cases over {count} cases",
        database=connection.vendor,
        value=speed,
        unit="cases/s",
        goal="no fault",
        holds=not found,
    )
