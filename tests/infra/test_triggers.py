from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState
from pytest_django import Settings

from luoshi.infra import triggers

TABLE = "a_history"


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def rows() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, word FROM {TABLE} ORDER BY id")
        return list(cursor.fetchall())


@pytest.fixture
def history(transactional_db: None, settings: Settings) -> Iterator[None]:
    settings.APPEND_ONLY_TABLES = [TABLE]
    run(f"CREATE TABLE {TABLE} (id integer PRIMARY KEY, word varchar(9))")
    run(f"INSERT INTO {TABLE} VALUES (1, 'first')")
    triggers.install()
    yield
    run(*triggers.remove(TABLE, vendor=connection.vendor), f"DROP TABLE {TABLE}")


WAYS = {
    "sqlite": f"INSERT OR REPLACE INTO {TABLE} VALUES (1, 'other')",
    "postgresql": f"TRUNCATE {TABLE}",
}


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("way", ["update", "delete", "around"])
def test_history_is_not_rewritten_by_any_statement(way: str) -> None:
    statements = {
        "update": f"UPDATE {TABLE} SET word = 'other'",
        "delete": f"DELETE FROM {TABLE}",
        "around": WAYS[connection.vendor],
    }
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(statements[way])
    assert rows() == [(1, "first")]


@pytest.mark.usefixtures("history")
def test_new_rows_are_taken() -> None:
    run(f"INSERT INTO {TABLE} VALUES (2, 'second')")
    assert rows() == [(1, "first"), (2, "second")]


@pytest.mark.usefixtures("history")
def test_missing_triggers_are_named_and_migrating_puts_them_back() -> None:
    run(*triggers.remove(TABLE, vendor=connection.vendor))
    assert triggers.missing() == [TABLE]
    with pytest.raises(triggers.TriggersMissing, match=TABLE):
        triggers.verify()
    assert [found.id for found in triggers.check(["default"])] == ["luoshi.W001"]
    call_command("migrate", verbosity=0)
    triggers.verify()


@pytest.mark.usefixtures("history")
def test_triggers_survive_a_migration_that_rebuilds_the_table() -> None:
    before = ProjectState()
    fields = [("id", models.IntegerField(primary_key=True)), ("word", models.CharField())]
    options = {"db_table": TABLE}
    migrations.CreateModel("History", fields, options).state_forwards("infra", before)
    after = before.clone()
    change = migrations.AlterField("History", "word", models.CharField(max_length=20, default=""))
    change.state_forwards("infra", after)
    with connection.schema_editor() as editor:
        change.database_forwards("infra", editor, before, after)
    call_command("migrate", verbosity=0)
    triggers.verify()
    with pytest.raises(IntegrityError):
        run(f"DELETE FROM {TABLE}")


def test_a_table_that_does_not_exist_yet_is_no_fault(
    transactional_db: None, settings: Settings
) -> None:
    settings.APPEND_ONLY_TABLES = ["not_yet"]
    triggers.install()
    assert triggers.missing() == []
