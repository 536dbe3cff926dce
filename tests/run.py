"""What `make test` does: everything on SQLite, then on PostgreSQL all that touches a database.

python -m tests.run [sqlite|postgres]   REQUIRE_PG=1 and REQUIRE_BROWSER=1 turn skips into failures
"""

import os
import subprocess
import sys

PYTEST = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile"]
# Pure rules know no database, and pages look the same on both: of the journeys only the story.
LOOKS = ("test_browsing.py", "test_day.py", "test_every_page.py", "test_other_ways.py")
NOT_AGAIN = ["--ignore=tests/rules", *(f"--ignore=tests/journeys/{name}" for name in LOOKS)]


def on_sqlite() -> int:
    print("== SQLite ==", flush=True)
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(PYTEST, env=environment).returncode


def on_postgres() -> int:
    print("== PostgreSQL ==", flush=True)
    return subprocess.run(
        [sys.executable, "-m", "tests.pg", "run", "--", *PYTEST, *NOT_AGAIN]
    ).returncode


def main(which: list[str]) -> int:
    runs = {"sqlite": on_sqlite, "postgres": on_postgres}
    return max(runs[name]() for name in which or runs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
