"""Two characters among 200,000 cases: our index against reading all the same rows with LIKE."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection

from bench import databases, plans
from bench.fill import COMMON, RARE, fill
from bench.rows import Row, in_turns
from luoshi.cases import queries
from luoshi.cases.queries import Told
from luoshi.cases.search import find
from luoshi.cases.search.tokens import asked
from tests.cast import Cast

COUNT, OPEN = 200_000, 6_000
TIMES, TIMES_LIKE = 200, 5
PAIR = "停电 电梯"
AT_MOST_MS = 100.0


def measure(
    cast: Cast, now: datetime, say: Callable[[str], None], database: databases.BaseDatabaseWrapper
) -> list[Row]:
    """The database holds the district, without cases."""
    with databases.using(database):
        say(f"filling in {COUNT:,} cases")
        fill(cast, count=COUNT, open_count=OPEN, now=now)
        rows = [row for words in (COMMON, RARE, PAIR) for row in _search(cast, now, words, say)]
        return [*rows, _likely(cast, now, say)]


def _search(cast: Cast, now: datetime, words: str, say: Callable[[str], None]) -> list[Row]:
    say(f"searching {words}")
    reader, vendor = cast.people["desk1"], connection.vendor

    def ours() -> object:
        return queries.search(cast.district, words, person=reader, now=now)

    question = find.every(asked(words))
    where = [("c.district_id = %s AND c.sealed = %s", [cast.district, False])]

    def bare() -> list[int]:
        return find.newest(question, where=where, before=None, limit=31)

    missed = set(_like(cast.district, words)) - set(bare())
    if missed:
        raise RuntimeError(f"a search for {words} does not find {len(missed)} of what LIKE finds")
    both = in_turns({"ours": ours, "bare": bare}, TIMES)
    took, index_alone = both["ours"], both["bare"]
    like = in_turns({"like": lambda: _like(cast.district, words)}, TIMES_LIKE)["like"]
    statements = plans.queries(bare)
    # On PostgreSQL what is common is found among the newest cases, and no index is asked.
    near = vendor == "postgresql" and len(statements) == 1
    indexed = near or plans.asks_index_of_words(statements[-1])
    scans = [table for sql in plans.queries(ours) for table in plans.full_scans(sql)]
    return [
        Row(
            name=f"search “{words}” in {COUNT:,} cases (reference: LIKE): {what}",
            database=vendor,
            value=value,
            unit="" if reference is None else "ms",
            reference=reference,
            goal=goal,
            holds=holds,
        )
        for what, value, reference, goal, holds in (
            ("index alone, p50", index_alone.p50, like.p50, "", None),
            ("index alone, p99", index_alone.p99, like.p99, "", None),
            ("p50", took.p50, like.p50, "", None),
            ("p99", took.p99, like.p99, f"at most {AT_MOST_MS:g} ms", took.p99 <= AT_MOST_MS),
            ("index or newest cases answer (1: yes)", int(indexed), None, "yes", indexed),
            ("tables read whole", len(scans), None, "none", not scans),
        )
    ]


def _like(district: int, words: str) -> list[int]:
    """What a search without an index does: the newest cases in whose words each term occurs."""
    terms = words.split()
    said = " AND ".join(["v.plain LIKE %s"] * len(terms))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT r.case_id FROM trust_vaultrecord v"
            " JOIN cases_report r ON r.text = v.id JOIN cases_case c ON c.id = r.case_id"
            f" WHERE c.district_id = %s AND c.sealed = %s AND {said}"
            " ORDER BY r.case_id DESC LIMIT 31",
            [district, False, *(f"%{term}%" for term in terms)],
        )
        return [row[0] for row in cursor.fetchall()]


def _likely(cast: Cast, now: datetime, say: Callable[[str], None]) -> Row:
    say("open cases that may be the same")
    told = Told(
        text="示范新村三号楼停电，电梯也停了",
        area=cast.community_area,
        subject=cast.estate,
        names=("示范新村", "德民社区居委会"),
    )
    took = in_turns({"": lambda: queries.likely(cast.district, told, now=now)}, TIMES // 2)[""]
    return Row(
        name=f"likely the same among {OPEN:,} open of {COUNT:,} cases: p99",
        database=connection.vendor,
        value=took.p99,
        unit="ms",
        reference=took.p50,
        goal="at most 300 ms (reference: its own p50)",
        holds=took.p99 <= 300,
    )
