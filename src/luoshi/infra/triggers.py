"""History that the database itself refuses to rewrite.

Triggers forbid UPDATE and DELETE (and TRUNCATE) on every table of settings.APPEND_ONLY_TABLES. They
are put back after every migration, since rebuilding a table on SQLite drops them silently, and
`serve` and `worker` refuse to start without them. The stamps of `infra.kept` are triggers too, and
are put back and asked for together with these.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from luoshi.infra import kept

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION luoshi_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


class TriggersMissing(RuntimeError):
    """Tables are unprotected, or what is kept of them unnoticed; `luoshi migrate` cures it."""


def append_only(table: str, *, vendor: str) -> list[str]:
    """SQL statements that protect `table`; running them again changes nothing."""
    if vendor == "sqlite":
        return [
            f'CREATE TRIGGER IF NOT EXISTS "{name}" BEFORE {verb} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for name, verb in zip(names(table, vendor=vendor), ("UPDATE", "DELETE"), strict=True)
        ]
    statements = [POSTGRES_FUNCTION]
    for name, when in zip(
        names(table, vendor=vendor),
        (f'UPDATE OR DELETE ON "{table}" FOR EACH ROW', f'TRUNCATE ON "{table}"'),
        strict=True,
    ):
        statements += [
            f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
            f'CREATE TRIGGER "{name}" BEFORE {when} EXECUTE FUNCTION luoshi_append_only()',
        ]
    return statements


def remove(table: str, *, vendor: str) -> list[str]:
    """SQL statements that lift the protection: for a table that goes away, and for tests."""
    on = "" if vendor == "sqlite" else f' ON "{table}"'
    return [f'DROP TRIGGER IF EXISTS "{name}"{on}' for name in names(table, vendor=vendor)]


def names(table: str, *, vendor: str) -> tuple[str, str]:
    second = "delete" if vendor == "sqlite" else "truncate"
    return f"{table}_no_update", f"{table}_no_{second}"


def install(*, using: str = "default") -> None:
    """Protect the tables that exist by now."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in _existing(connection):
            for statement in append_only(table, vendor=connection.vendor):
                cursor.execute(statement)
    kept.install(using=using)


def missing(*, using: str = "default") -> list[str]:
    """Existing tables that lack a trigger: against rewriting, or the stamp of what is kept."""
    connection = connections[using]
    present = _present(connection)
    unprotected = [
        table
        for table in _existing(connection)
        if not set(names(table, vendor=connection.vendor)) <= present
    ]
    return [*unprotected, *kept.missing(connection, present)]


def verify(*, using: str = "default") -> None:
    if tables := missing(using=using):
        raise TriggersMissing(f"no triggers on {', '.join(tables)}: run luoshi migrate")


def after_migrate(*, using: str, **_: Any) -> None:
    install(using=using)


def check(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    # A warning only: an error would keep `migrate` from running, and that is the cure.
    return [
        Warning(f"{table} lacks its triggers", hint="luoshi migrate", id="luoshi.W001")
        for using in databases or []
        for table in missing(using=using)
    ]


def _existing(connection: BaseDatabaseWrapper) -> list[str]:
    there = set(connection.introspection.table_names())
    return [table for table in settings.APPEND_ONLY_TABLES if table in there]


def _present(connection: BaseDatabaseWrapper) -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' AND NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}
