"""docs/honesty.md, written from the scripts. `make bench` plays them all and fails where one goes
another way than it says; a test plays some and keeps the page up to date.

python -m bench.honesty.describe   writes it anew
"""

import os
from collections import Counter
from pathlib import Path

import django

PAGE = Path(__file__).parents[2] / "docs" / "honesty.md"
COLUMNS = ("refused", "flagged", "open", "uncounted", "visit")
HEAD = """# What is caught of closing on paper

Generated from `bench/honesty/false.yaml`: do not edit here (`python -m bench.honesty.describe`).
`make bench` plays every script through the real actions and fails where one goes another way.

- **refused**: a rule refuses it, or refuses it until it is explained.
- **told**: the claim stands, and the drawn verifier is told what speaks against it.
- **stays open**: it is possible and never closes the case; the clock and the levels go on.
- **uncounted**: it closes, and counts as "no answer" or "unverified", never as satisfied.
- **only a visit**: nothing speaks against it on paper. Categories verified on site have a visitor
  with pictures of his own each time; of the others a published random share is raised to a visit.

| kind | scripts | refused | told | stays open | uncounted | only a visit |
|---|---|---|---|---|---|---|
"""
LIMITS = """
## What only a visit finds

"""
PICTURES = """
A picture's own time and place can be removed or forged: one that says nothing, or fits, proves
nothing. It is held against the case before it is thrown away (`LUOSHI_PICTURE_MINUTES`,
`LUOSHI_PICTURE_METRES`); only "12 days before the case", "about 3 km away" is kept. The place is
compared with the register's point and the point that a reporter's device gave; a case that is
placed by its area alone is compared with the outline of the district only.
"""


def page() -> str:
    from bench.honesty.run import by_kind, scripts

    found = by_kind((script, script["expected"]) for script in scripts("false"))
    rows = [_row(kind, Counter(outcomes)) for kind, outcomes in found.items()]
    total = Counter(script["expected"] for script in scripts("false"))
    unseen = [s for s in scripts("false") if s["expected"] == "visit"]
    told = [f"- {s['story'].rstrip('.')} ({s['kind']})\n" for s in unseen]
    return "".join([HEAD, *rows, _row("**all**", total), LIMITS, *told, PICTURES])


def _row(kind: str, came: Counter[str]) -> str:
    cells = [str(came[column] or "") for column in COLUMNS]
    return f"| {kind} | {sum(came.values())} | {' | '.join(cells)} |\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.settings")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
