"""Asking the index. Newest first; ids are ordered by time, so the key of a page is an id."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from luoshi.cases.models import Case, CaseUnit, SearchEntry
from luoshi.cases.search.schema import FTS, TABLE, VECTOR
from luoshi.cases.search.tokens import NUMBER, Term
from luoshi.infra import direct

# ruff: noqa: S608 - put together from names of our own; what is asked for is a parameter
Clause = tuple[str, Sequence[Any]]

NEAR = 500
"""Cases looked at one by one before the index is asked: what fits one in fifteen is found there."""


def matching(
    found_by: str, *, where: Iterable[Clause] = (), before: int | None = None, limit: int
) -> list[int]:
    """Cases whose words fit, under conditions on the case `c`; the newest first. One query."""
    sql, values = statement(found_by, where=where, before=before, limit=limit)
    return [case for (case,) in direct.select(sql, values)]


def statement(
    found_by: str, *, where: Iterable[Clause] = (), before: int | None = None, limit: int
) -> Clause:
    """What `matching` asks, as a part of a larger question."""
    clauses = [_fits(found_by), *where]
    if before is not None:
        clauses.append(("s.{key} < %s", [before]))
    sql = _SQL[connection.vendor] % {
        "where": " AND ".join(clause for clause, _ in clauses).replace("{key}", _key())
    }
    return sql, [*(value for _, given in clauses for value in given), limit]


def newest(found_by: str, *, where: Sequence[Clause], before: int | None, limit: int) -> list[int]:
    """As `matching`, for a question that may fit a third of all cases or none; up to two queries.

    PostgreSQL guesses which, and walks through all cases for two common words that hardly ever
    meet. So it looks at the newest cases first, and only then at what the index has.
    """
    if _sqlite():
        return matching(found_by, where=where, before=before, limit=limit)
    upper = (f"s.{_key()} < %s", [before]) if before is not None else ("TRUE", [])
    fits, rest = _fits(found_by), " AND ".join(clause for clause, _ in where)
    given = [value for _, values in where for value in values]
    near = direct.select(
        f"SELECT s.case_id FROM (SELECT s.case_id, s.words FROM {TABLE} s WHERE {upper[0]}"
        f" ORDER BY s.case_id DESC LIMIT %s) s JOIN {_CASES} c ON c.id = s.case_id"
        f" WHERE {fits[0]} AND {rest} ORDER BY s.case_id DESC LIMIT %s",
        [*upper[1], NEAR, *fits[1], *given, limit],
    )
    if len(near) == limit:
        return [case for (case,) in near]
    found = direct.select(
        f"WITH s AS MATERIALIZED (SELECT s.case_id FROM {TABLE} s WHERE {fits[0]} AND {upper[0]})"
        f" SELECT s.case_id FROM s JOIN {_CASES} c ON c.id = s.case_id WHERE {rest}"
        " ORDER BY s.case_id DESC LIMIT %s",
        [*fits[1], *upper[1], *given, limit],
    )
    return [case for (case,) in found]


def with_token(token: str) -> list[int]:
    """Every case with this one token."""
    return matching(every([Term(token)]), limit=10_000)


def every(terms: Iterable[Term]) -> str:
    """The question in the language of the database: all of these. Tokens hold letters, digits and
    our own marks only, so nothing in them can be an operator."""
    return (" AND " if _sqlite() else " & ").join(_term(term) for term in terms)


def some(tokens: Iterable[str]) -> str:
    """The question: at least one of these."""
    return (" OR " if _sqlite() else " | ").join(_quoted(token) for token in tokens)


def of_units(units: Iterable[int], person: int) -> Clause:
    """Only cases that one of these units handles or handled, or that he was drawn to check."""
    known = sorted(units) or [0]
    marks = ", ".join(["%s"] * len(known))
    touched = f'SELECT 1 FROM "{CaseUnit._meta.db_table}" u WHERE u.case_id = c.id'
    clause = f"(EXISTS ({touched} AND u.unit IN ({marks})) OR c.verifier = %s OR c.sampler = %s)"
    return clause, [*known, person, person]


def source(found_by: str) -> tuple[str, str, Clause]:
    """For a statement of another list: where the index is (as `s`), its key, and what must hold."""
    table = f"{FTS} s" if _sqlite() else f"{TABLE} s"
    return table, f"s.{_key()}", _fits(found_by)


def _fits(found_by: str) -> Clause:
    if _sqlite():
        return f"s.{FTS} MATCH %s", [found_by]
    return f"{VECTOR.replace('(words)', '(s.words)')} @@ %s::tsquery", [found_by]


def _sqlite() -> bool:
    return connection.vendor == "sqlite"


def _key() -> str:
    return "rowid" if _sqlite() else "case_id"


def _term(term: Term) -> str:
    if not term.number:
        return _quoted(term.token)
    begins = NUMBER + term.token
    if _sqlite():
        return f"({_quoted(term.token)} OR {_quoted(begins)}*)"
    return f"({_quoted(term.token)} | {_quoted(begins)}:*)"


def _quoted(token: str) -> str:
    return f'"{token}"' if _sqlite() else f"'{token}'"


_CASES = Case._meta.db_table
_SQL = {
    # A cross join is read in this order: from the index, the newest first, until there are enough.
    "sqlite": f"SELECT s.rowid FROM {FTS} s CROSS JOIN {_CASES} c ON c.id = s.rowid "
    "WHERE %(where)s ORDER BY s.rowid DESC LIMIT %%s",
    "postgresql": f"SELECT s.case_id FROM {TABLE} s JOIN {_CASES} c ON c.id = s.case_id "
    "WHERE %(where)s ORDER BY s.case_id DESC LIMIT %%s",
}
assert SearchEntry._meta.db_table == TABLE  # noqa: S101 (said twice: the index needs it early)
