from pathlib import Path

import pytest
from django.db import connection

from luoshi.infra import database


def test_a_relative_and_an_absolute_sqlite_path_are_told_apart() -> None:
    assert database.from_url("sqlite:///var/a.sqlite3")["NAME"] == Path("var/a.sqlite3")
    assert database.from_url("sqlite:////srv/a%20b.sqlite3")["NAME"] == Path("/srv/a b.sqlite3")


def test_a_postgresql_url_gives_name_user_password_host_and_port() -> None:
    settings = database.from_url("postgresql://lu:p%40ss@db.example:5433/luoshi?sslmode=require")
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert (settings["NAME"], settings["USER"], settings["PASSWORD"]) == ("luoshi", "lu", "p@ss")
    assert (settings["HOST"], settings["PORT"]) == ("db.example", "5433")
    assert settings["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_folder_is_taken_as_the_host() -> None:
    settings = database.from_url("postgres:///luoshi?host=/run/postgresql&port=5433")
    assert (settings["HOST"], settings["PORT"]) == ("/run/postgresql", "5433")
    assert settings["OPTIONS"] == {}


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(database.BadDatabaseUrl):
        database.from_url("mysql://host/name")


@pytest.mark.django_db
def test_sqlite_is_the_bundled_one_and_keeps_what_it_acknowledged() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")
    with connection.cursor() as cursor:
        answers = {
            pragma: cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
            for pragma in ("journal_mode", "foreign_keys", "recursive_triggers", "busy_timeout")
        }
        version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
    assert answers == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 20000,
    }
    assert tuple(map(int, version.split("."))) >= (3, 50)
    assert "synchronous=FULL" in database.SQLITE_OPTIONS["init_command"]
