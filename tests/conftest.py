"""What every test may use."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from luoshi.infra import triggers
from tests import system

# How long an example takes says something of the machine and nothing of the code.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.load_profile("here")


@pytest.fixture(scope="session", autouse=True)
def _emptying_may_delete_history() -> Iterator[None]:
    """Transactional tests end by emptying all tables, which append-only triggers rightly forbid.

    Emptying ends with post_migrate, and that puts the triggers back.
    """
    empty = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            for table in settings.APPEND_ONLY_TABLES:
                if table in connection.introspection.table_names():
                    for statement in triggers.remove(table, vendor=connection.vendor):
                        cursor.execute(statement)
        empty(self)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = empty


@pytest.fixture(autouse=True)
def _language_of_the_installation() -> None:
    """A request leaves its language behind in the thread; no test is to read another's."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def postgres(transactional_db: None) -> None:
    """For what only real concurrency shows: row locks held by several connections at once."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: runs in the second half of make test")


@pytest.fixture
def now() -> datetime:
    """A Wednesday morning in Chongchuan, no holiday near it."""
    return datetime(2026, 5, 20, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def fresh_environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of `luoshi` processes over a new database of the kind under test."""
    with system.fresh_database(tmp_path) as database:
        yield system.environment(folder=tmp_path, database=database)


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests() -> None:
    """Limits count in the cache: a lock-out must not reach into the next test."""
    cache.clear()
