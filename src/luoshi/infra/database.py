"""Django's DATABASES entry from one DATABASE_URL: sqlite:///path or postgresql://user@host/name."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# One writer at a time is SQLite's rule: IMMEDIATE takes the lock at BEGIN, where the busy timeout
# still helps; FULL keeps an acknowledged write through a power cut in WAL mode; without recursive
# triggers INSERT OR REPLACE would slip past the append-only ones; without secure deletion an erased
# text stays readable in the file's free space.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;"
        " PRAGMA secure_delete=ON;"
    ),
}


class BadDatabaseUrl(ValueError):
    """DATABASE_URL is of neither kind."""


def from_url(url: str) -> dict[str, Any]:
    """Settings for one database. `sqlite:///a.db` is relative, `sqlite:////a.db` absolute."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(unquote(parts.path).removeprefix("/")),
            "OPTIONS": dict(SQLITE_OPTIONS),
            # Closing the last connection runs a checkpoint: not after every request.
            "CONN_MAX_AGE": None,
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(url)
    raise BadDatabaseUrl("DATABASE_URL must start with sqlite:/// or postgresql://")


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    # libpq's way to name a Unix socket folder: postgresql:///name?host=/run/postgresql
    host = options.pop("host", unquote(parts.hostname or ""))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
