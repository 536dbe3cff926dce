"""What `make check` does: every check that runs no test. All of them run, then the verdict."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS = {
    "format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "style": [BIN / "ruff", "check", "--quiet", "."],
    "types": [BIN / "mypy"],
    "floors": [BIN / "lint-imports", "--no-logo"],
    "django": [BIN / "luoshi", "check", "--fail-level", "WARNING"],
    "migrations": [BIN / "luoshi", "makemigrations", "--check", "--dry-run"],
    "translations": [sys.executable, "-m", "tools.check_translations"],
    "packs": [BIN / "luoshi", "packs", "check"],
    "generated docs": [sys.executable, "-m", "tools.check_generated"],
    "lock": [sys.executable, "-m", "tools.check_lock"],
}


def main() -> int:
    with tempfile.TemporaryDirectory() as var:
        environment = {
            **os.environ,
            "LUOSHI_VAR": var,
            "LUOSHI_SECRET_KEY": "for checks only",
            "DATABASE_URL": "",
        }
        failed = [name for name, command in CHECKS.items() if _fails(name, command, environment)]
    print(f"failed: {', '.join(failed)}" if failed else "all checks pass")
    return 1 if failed else 0


def _fails(name: str, command: list[str | Path], environment: dict[str, str]) -> bool:
    print(f"== {name} ==", flush=True)
    return subprocess.run(command, cwd=ROOT, env=environment).returncode != 0


if __name__ == "__main__":
    sys.exit(main())
