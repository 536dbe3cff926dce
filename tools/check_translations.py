"""Fails on a text without Chinese, a fuzzy or broken one, or a catalogue behind the sources."""

import sys

from tools import messages


def main() -> int:
    sources = messages.extracted()
    if not messages.CATALOGUE.exists():
        found = ["there is no catalogue: make messages"] if len(sources) else []
    else:
        found = messages.problems(sources, messages.load(messages.CATALOGUE))
    print(*found, sep="\n") if found else print(f"{len(sources)} texts in both languages")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
