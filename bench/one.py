"""The bench over one fresh database, in a process of its own.

python -m bench.one [writes] [nights] [pages] [lists] [search]   all when none is named

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

    from bench import databases, lists, nights, pages, search, writes
    from luoshi.registry import actions as registry
    from tests import cast as casting

    start = time.monotonic()

    def say(what: str) -> None:
        print(f"[{connection.vendor} {time.monotonic() - start:4.0f} s] {what}", file=sys.stderr)

    say("an empty district")
    call_command("migrate", verbosity=0)
    cast = casting.build()
    registry.seed_holidays(district=cast.district)
    two = lists.Two(few=databases.copy("few"), many=databases.copy("many"))
    worded = databases.copy("words")
    parts = {
        "writes": lambda: writes.measure(cast, NOW, say),
        "nights": lambda: nights.measure(cast, NOW, say),
        "pages": lambda: pages.measure(cast, NOW, say),
        "lists": lambda: lists.measure(cast, NOW, say, two),
        "search": lambda: search.measure(cast, NOW, say, worded),
    }
    rows = [row for name in sys.argv[1:] or parts for row in parts[name]()]
    print(json.dumps([row.as_json() for row in rows], ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
