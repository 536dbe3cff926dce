"""The bench over one fresh database, in a process of its own.

python -m bench.one [PART …]   all parts when none is named; they are listed in `main`

Rows go to standard output as JSON, what is going on to standard error.
"""

import json
import sys
import time
from datetime import datetime
from zoneinfo import ZoneInfo

NOW = datetime(2026, 5, 20, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def main() -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench import databases, lists, nights, pages, search, submissions, suggest, visits, writes
    from bench.honesty import run as honesty
    from luoshi.registry import actions as registry
    from tests import cast as casting

    start = time.monotonic()

    def say(what: str) -> None:
        passed = f"{time.monotonic() - start:4.0f} s"
        print(f"[{connection.vendor} {passed}] {what}", file=sys.stderr, flush=True)

    say("an empty district")
    call_command("migrate", verbosity=0)
    cast = casting.build()
    registry.seed_holidays(district=cast.district)
    two = lists.Two(few=databases.copy("few"), many=databases.copy("many"))
    worded = databases.copy("words")
    parts = {
        "honesty": lambda: honesty.measure(cast, NOW, say),
        "writes": lambda: writes.measure(cast, NOW, say),
        "submissions": lambda: submissions.measure(cast, NOW, say),
        "nights": lambda: nights.measure(cast, NOW, say),
        "pages": lambda: pages.measure(cast, NOW, say),
        "lists": lambda: lists.measure(cast, NOW, say, two),
        "visits": lambda: visits.measure(cast, NOW, say, two),
        # They are learned and judged in memory: another database would change nothing.
        "suggest": lambda: suggest.measure(say) if connection.vendor == "sqlite" else [],
        "search": lambda: search.measure(cast, NOW, say, worded),
    }
    rows = []
    for name in sys.argv[1:] or parts:
        begun = time.monotonic()
        rows += parts[name]()
        say(f"{name}: {time.monotonic() - begun:.0f} s")
    print(json.dumps([row.as_json() for row in rows], ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
