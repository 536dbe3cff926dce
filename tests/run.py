"""What `make test` does: everything on SQLite, then on PostgreSQL all that touches a database.

python -m tests.run [sqlite|postgres]   REQUIRE_PG=1 and REQUIRE_BROWSER=1 turn skips into failures
"""

import os
import subprocess
import sys
from glob import glob

PYTEST = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile"]
# Pure rules know no database, and pages look the same on both: of the journeys only the story.
STORY = "tests/journeys/test_story.py"
NO_DATABASE = (
    "rules", "bench", "tools", "papers/test_press.py", "infra/test_pictures.py",
    "packs/test_any_pack.py", "doors/test_mail_reading.py",
)  # fmt: skip
NOT_AGAIN = [
    *(f"--ignore={path}" for path in sorted(glob("tests/journeys/test_*.py")) if path != STORY),
    *(f"--ignore=tests/{name}" for name in NO_DATABASE),
]


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
