"""Several databases in one process: copies of the one at hand, and switching between them.

Only so can a figure and its reference be measured in turns, under the same load of the machine.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper


def copy(name: str) -> BaseDatabaseWrapper:
    """A copy of the present database, with a connection of its own that is not yet in use."""
    settings = connections["default"].settings_dict
    target = f"{settings['NAME']}_{name}"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(settings["NAME"], target)
    else:
        _create(target, template=settings["NAME"])
    before = connections.databases["default"]
    connections.databases["default"] = {**before, "NAME": target}
    try:
        return connections.create_connection("default")
    finally:
        connections.databases["default"] = before


@contextmanager
def using(database: BaseDatabaseWrapper) -> Iterator[None]:
    """All that happens in the block happens there."""
    before: Any = connections["default"]
    connections["default"] = database
    try:
        yield
    finally:
        connections["default"] = before


def _create(name: str, *, template: str) -> None:
    """PostgreSQL copies no database in which anybody still is."""
    wrapper: Any = connections["default"]
    parameters = wrapper.get_connection_params()
    connections["default"].close()
    known = {key: parameters[key] for key in ("host", "port", "user", "password", "passfile")
             if parameters.get(key)}  # fmt: skip
    with psycopg.connect(**known, dbname="template1", autocommit=True) as elsewhere:
        elsewhere.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
