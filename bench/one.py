"""The bench over one fresh database, in a process of its own: python -m bench.one

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

    from bench import lists, pages, writes
    from tests import cast

    start = time.monotonic()

    def say(what: str) -> None:
        print(f"[{connection.vendor} {time.monotonic() - start:4.0f}s] {what}", file=sys.stderr)

    say("migrating")
    call_command("migrate", verbosity=0)
    people = cast.build()
    rows = [row for part in (writes, pages, lists) for row in part.measure(people, NOW, say)]
    print(json.dumps([row.as_json() for row in rows], ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
