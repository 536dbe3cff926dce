"""Fails when a generated document differs from what the rules or the packs say now."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = (("docs", "--check"), ("packs", "docs", "--check"))


def main() -> int:
    luoshi = Path(sys.executable).with_name("luoshi")
    codes = [subprocess.run([luoshi, *words], cwd=ROOT).returncode for words in COMMANDS]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
