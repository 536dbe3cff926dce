"""The lock carries names, versions and hashes only, and every dependency is in it."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINE = re.compile(r"[a-z0-9.-]+==[^ ]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")


def main() -> int:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    strange = [line for line in lines if line and not LINE.fullmatch(line)]
    locked = {line.split("==")[0] for line in lines if "==" in line}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    absent = [text for text in wanted if _name(text) not in locked]
    found = [f"not a pin or hash: {line}" for line in strange]
    found += [f"not locked (make lock): {text}" for text in absent]
    print("\n".join(found) or f"{len(locked)} packages locked")
    return 1 if found else 0


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-")


if __name__ == "__main__":
    sys.exit(main())
