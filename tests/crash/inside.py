"""What is asked of, or done over, the database of a system that runs in processes of its own.

python -m tests.crash.inside TASK   prints the answer as JSON
"""

import json
import subprocess
import sys
from typing import Any


def ask_inside(environment: dict[str, str], task: str, *arguments: str) -> Any:
    """Run a task in a process of its own with that environment."""
    command = [sys.executable, "-m", "tests.crash.inside", task, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def build() -> int:
    """A migrated database with a district in it."""
    from django.core.management import call_command

    from tests import cast

    call_command("migrate", verbosity=0)
    return cast.build().district


def stored() -> dict[str, Any]:
    """The numbers of all reports, how many rows belong to them, and what does not add up."""
    from luoshi.cases import check
    from luoshi.cases.models import Case, CaseEvent, IdempotencyKey, Picture, Report
    from luoshi.doors.sms.models import Inbound
    from luoshi.infra.models import Delivery

    return {
        "numbers": list(Report.objects.values_list("number", flat=True)),
        "cases": Case.objects.count(),
        "received": CaseEvent.objects.filter(kind="received").count(),
        "keys": IdempotencyKey.objects.count(),
        "messages": Inbound.objects.count(),
        "pictures": Picture.objects.count(),
        "waiting": Delivery.objects.count(),
        "faults": [str(fault) for fault in check.faults(read_files=True)],
    }


def report() -> str:
    """One report with a phone, which a message then acknowledges."""
    from django.utils import timezone

    from luoshi.cases import actions
    from luoshi.registry import queries as registry

    received = actions.receive(
        report=actions.NewReport(
            district=registry.district("320613").id,
            door="sms",
            external_id="m1",
            text="绿地被种菜",
            phone="13800138000",
        ),
        now=timezone.now(),
    )
    return received.number


def work_after_the_lease() -> int:
    """What the next worker does once the lease of a dead one has run out."""
    from django.utils import timezone

    from luoshi.infra import outbox, worker

    return worker.run_once(clock=lambda: timezone.now() + outbox.LEASE)


TASKS = (build, stored, report, work_after_the_lease)


def main(arguments: list[str]) -> int:
    import django

    django.setup()
    tasks = {task.__name__: task for task in TASKS}
    print(json.dumps(tasks[arguments[0]]()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
