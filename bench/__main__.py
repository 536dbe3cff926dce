"""`make bench`: figures on SQLite, and on PostgreSQL when one can be had, into var/bench.json.

python -m bench [sqlite|postgres]   exit code 1 when a goal is missed
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.rows import Row, table
from tests import pg

# As in production: what is acknowledged is on disk. The tests' own server is not so careful.
DURABLE = "-c max_connections=50"


def main(which: list[str]) -> int:
    rows: list[Row] = []
    for name in which or ["sqlite", "postgres"]:
        try:
            rows += _measured(name)
        except pg.NoPostgres as missing:
            print(f"SKIPPED: {missing}", flush=True)
    print(table(rows))
    target = Path(os.environ.get("LUOSHI_VAR", "var")) / "bench.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(
        json.dumps([row.as_json() for row in rows], ensure_ascii=False, indent=1) + "\n"
    )
    missed = [row.name for row in rows if row.holds is False]
    print(f"\n{target}: {len(rows)} figures, {len(missed)} goals missed")
    return 1 if missed else 0


def _measured(name: str) -> list[Row]:
    with (
        tempfile.TemporaryDirectory(prefix="luoshi-bench-") as folder,
        _postgres() if name == "postgres" else nullcontext(f"sqlite:///{folder}/b.sqlite3") as url,
    ):
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "luoshi.settings",
            "DATABASE_URL": url,
            "LUOSHI_VAR": f"{folder}/var",
        }
        command = [sys.executable, "-m", "bench.one"]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return [
        Row(**{key: value for key, value in row.items() if key != "ratio"})
        for row in json.loads(done.stdout.splitlines()[-1])
    ]


@contextmanager
def _postgres() -> Iterator[str]:
    """A database of our own, even on a server that holds others."""
    pg.SPEED = DURABLE
    with pg.server() as server, psycopg.connect(server, autocommit=True) as connection:
        name = f"bench_{os.getpid()}"
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            like = connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (name,)
            )
            for (found,) in like.fetchall():
                connection.execute(f'DROP DATABASE "{found}" WITH (FORCE)')


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
