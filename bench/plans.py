"""Does a query walk through a whole table? Asked of the database itself."""

import json
import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.cases.search.schema import FTS

BIG = frozenset(
    {"cases_case", "cases_caseevent", "cases_report", "cases_caseunit", "cases_picture",
     "trust_vaultrecord", "trust_logleaf", "cases_idempotencykey",
     "cases_searchentry"}
)  # fmt: skip


ALIAS = re.compile(r'(?:FROM|JOIN) "?(\w+)"? (?:AS )?"?(\w+)"?')


READS = ("SELECT", "WITH")


def queries(work: Callable[[], object]) -> list[str]:
    """The statements by which `work` reads."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return [q["sql"] for q in captured.captured_queries if q["sql"].startswith(READS)]


def full_scans(statement: str) -> list[str]:
    """The big tables that this statement reads from end to end."""
    if connection.vendor != "sqlite":
        return [n["Relation Name"] for n in _postgres_plan(statement) if _scans(n)]
    # SQLite names a table as the statement calls it.
    called = {short: table for table, short in ALIAS.findall(statement)}
    found = [re.fullmatch(r"SCAN (\w+)( USING INDEX \w+)?", line) for line in _plan(statement)]
    read = [called.get(match[1], match[1]) for match in found if match]
    return [table for table in read if table in BIG]


def asks_index_of_words(statement: str) -> bool:
    """Whether the rows come out of the index of the search, by what is looked for."""
    if connection.vendor != "sqlite":
        return any(node.get("Index Name") == FTS for node in _postgres_plan(statement))
    return any(re.search(r"VIRTUAL TABLE INDEX \d+:.*M", line) for line in _plan(statement))


def _plan(statement: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement.replace('%', '%%')}", ())
        return [str(row[-1]) for row in cursor.fetchall()]


def _postgres_plan(statement: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement.replace('%', '%%')}", ())
        plan = cursor.fetchone()[0]
    return _nodes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])


def _scans(node: dict[str, Any]) -> bool:
    return node["Node Type"].endswith("Seq Scan") and node["Relation Name"] in BIG


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in _nodes(child))]


def statements(work: Callable[[], object]) -> int:
    """How many statements `work` sends, savepoints left out; however many there are."""
    sent = 0

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal sent
        sent += not sql.startswith(("SAVE", "RELEASE"))
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        work()
    return sent
