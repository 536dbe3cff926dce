"""Fails on a text without Chinese, a fuzzy or broken one, or a catalogue behind the sources."""

import sys

from tools import messages

SHOWN = 20


def main() -> int:
    sources = messages.extracted()
    if not messages.CATALOGUE.exists():
        found = ["there is no catalogue: make messages"] if len(sources) else []
    else:
        found = messages.problems(sources, messages.load(messages.CATALOGUE))
    print(*found[:SHOWN], sep="\n")
    print(f"{len(sources)} texts, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
