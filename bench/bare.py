"""The peer of the submission page: a WSGI application that inserts the same rows and nothing else.

No framework, no rules, no sealing: it reads the form, writes the rows of one report in a single
transaction on one kept connection, and answers 302. It runs under the same server as ours.
"""

import itertools
import os
import pickle
import re
import secrets
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

Statement = tuple[str, tuple[Any, ...]]
LONG = 2**40
"""Ids are longer than any other number."""

_ids = itertools.count(time.time_ns() >> 4)
_inside = re.compile(r"\d{15,}|\b\d{6}-\d{6}\b")


class Rows:
    """The statements that one report ran, and how to run them again as those of another report."""

    def __init__(self, statements: list[Statement], *, sqlite: bool) -> None:
        self.statements = [
            (sql.replace("%s", "?") if sqlite else sql, given, _column(sql, "leaf"))
            for sql, given in statements
        ]

    def write(self, cursor: Any) -> None:
        known: dict[Any, Any] = {}
        leaf = None
        for sql, given, place in self.statements:
            values = [_other(value, known) for value in given]
            if "cases_caseevent" in sql and place is not None:
                values[place] = leaf
            cursor.execute(sql, values)
            if "RETURNING" in sql:
                got = cursor.fetchone()[0]
                leaf = got if "trust_logleaf" in sql else leaf


def _column(sql: str, name: str) -> int | None:
    columns = [word.strip(' "') for word in sql.partition("(")[2].partition(")")[0].split(",")]
    return columns.index(name) if name in columns else None


def _other(value: Any, known: dict[Any, Any]) -> Any:
    """The same value for another report: ids, numbers and hashes differ, all else stays."""
    if isinstance(value, int) and value > LONG:
        return known.setdefault(value, next(_ids))
    if isinstance(value, bytes) and len(value) >= 32:
        return value[:-32] + secrets.token_bytes(32)
    if isinstance(value, str):
        return _inside.sub(lambda found: known.setdefault(found[0], _like(found[0])), value)
    return value


def _like(text: str) -> str:
    if "-" in text:
        return f"{secrets.randbelow(10**6):06d}-{secrets.randbelow(10**6):06d}"
    return str(next(_ids))


def _open() -> Callable[[Rows], None]:
    """How to write the rows of one report, on a connection that stays open."""
    where = os.environ["BENCH_DATABASE"]
    if where.startswith("postgres"):
        import psycopg

        kept = psycopg.connect(where)

        def write(rows: Rows) -> None:
            with kept.transaction(), kept.cursor() as cursor:
                rows.write(cursor)

        return write
    from pysqlite3 import dbapi2

    from luoshi.infra.database import SQLITE_OPTIONS

    lite = dbapi2.connect(where, isolation_level=None)
    lite.executescript(str(SQLITE_OPTIONS["init_command"]))

    def write_lite(rows: Rows) -> None:
        lite.execute("BEGIN IMMEDIATE")
        rows.write(lite.cursor())
        lite.execute("COMMIT")

    return write_lite


class Bare:
    def __init__(self) -> None:
        kept = pickle.loads(Path(os.environ["BENCH_STATEMENTS"]).read_bytes())
        self.rows = Rows(kept, sqlite=not os.environ["BENCH_DATABASE"].startswith("postgres"))
        self.write: Callable[[Rows], None] | None = None

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST":
            start("200 OK", [("Content-Type", "text/plain")])
            return [b"here"]
        self.write = self.write or _open()
        given = parse_qs(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode())
        assert given["text"]
        self.write(self.rows)
        start("302 Found", [("Location", "/receipt/"), ("Content-Length", "0")])
        return [b""]


if "BENCH_STATEMENTS" in os.environ:
    application = Bare()
