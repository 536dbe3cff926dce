"""The index beside the table `SearchEntry`: FTS5 on SQLite, GIN over a tsvector on PostgreSQL.

Not in a migration, since each belongs to one database only, and since a rebuilt table would lose
SQLite's triggers silently: they are put back after every migration, like the append-only ones.
Words come as tokens already: `ascii` cuts at the spaces between them and nowhere else, whatever
the version of Unicode, and on PostgreSQL no parser is asked, whose idea of a letter hangs on the
locale. Positions are not kept: smaller, and no text can be read from the index. What is deleted is
overwritten (secure-delete).
"""

from typing import Any

from django.db import connections

FTS = "cases_searchfts"
TABLE = "cases_searchentry"
VECTOR = "luoshi_words(words)"

# ruff: noqa: S608 - table names of our own
_OUT = f"INSERT INTO {FTS}({FTS}, rowid, words) VALUES ('delete', old.case_id, old.words);"
_IN = f"INSERT INTO {FTS}(rowid, words) VALUES (new.case_id, new.words);"
_SQLITE = (
    f"INSERT INTO {FTS}({FTS}, rank) VALUES ('secure-delete', 1)",
    f"CREATE TRIGGER IF NOT EXISTS {FTS}_in AFTER INSERT ON {TABLE} BEGIN {_IN} END",
    f"CREATE TRIGGER IF NOT EXISTS {FTS}_out AFTER DELETE ON {TABLE} BEGIN {_OUT} END",
    f"CREATE TRIGGER IF NOT EXISTS {FTS}_on AFTER UPDATE ON {TABLE} BEGIN {_OUT} {_IN} END",
)
_CREATE = (
    f"CREATE VIRTUAL TABLE {FTS} USING fts5(words, content='{TABLE}', content_rowid='case_id',"
    " tokenize='ascii', detail='none', columnsize='0')"
)
_POSTGRES = (
    # Its cost is told, else the planner reads the table from its end rather than the index.
    """
    CREATE OR REPLACE FUNCTION luoshi_words(words text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000
    AS $$ BEGIN RETURN array_to_tsvector(string_to_array(words, ' ')); END $$
    """,
    # What waits to be sorted in is read by every search: 256 kB and no more.
    f"CREATE INDEX IF NOT EXISTS {FTS} ON {TABLE} USING gin ({VECTOR})"
    " WITH (gin_pending_list_limit = 256)",
)


def after_migrate(*, using: str, **_: Any) -> None:
    """Index and triggers, as far as they are missing."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    if TABLE not in there:
        return
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            for statement in _POSTGRES:
                cursor.execute(statement)
            return
        if FTS not in there:
            cursor.execute(_CREATE)
            cursor.execute(f"INSERT INTO {FTS}({FTS}) VALUES ('rebuild')")
        for statement in _SQLITE:
            cursor.execute(statement)
