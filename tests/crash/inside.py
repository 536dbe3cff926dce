"""What is asked of, or done over, the database of a system that runs in processes of its own.

python -m tests.crash.inside TASK   prints the answer as JSON
"""

import json
import subprocess
import sys
from typing import Any

AT_ONCE = 10
"""Changes that a night of these tests writes in one transaction."""


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


def swings(count: str) -> int:
    """A field of playgrounds whose figures all break their expectation, and the chore of the night
    already due."""
    from datetime import timedelta
    from decimal import Decimal

    from django.utils import timezone

    from luoshi.expectations import actions
    from luoshi.infra import chores
    from luoshi.registry import actions as registry
    from luoshi.registry import queries

    now, district = timezone.now(), queries.district("320613").id
    told = {"district": district, "field": "play"}
    actions.put_field(district=district, code="play", name="游乐场", name_en="Playgrounds")
    actions.put_source(**told, code="guide", kind="guide", title="指南", title_en="Guide")
    actions.put_kind(**told, code="ground", name="游乐场", name_en="Playground")
    actions.put_figure_kind(
        **told, kind="ground", code="safe", name="完好", name_en="Sound", unit="swing"
    )
    actions.put_expectation(
        **told, code="play.safe", version=1, kind="ground", method="figure", title="完好",
        title_en="Sound", source="guide", category="estate.parking", tier="papers", days=3,
        valid_from=now.date() - timedelta(days=9), now=now,
        spec={"value": "safe", "unit": "swing", "op": ">=", "limit": "safe + 1.0 * safe"},
    )  # fmt: skip
    unit = next(iter(queries.units(district)))
    for number in range(int(count)):
        ground = registry.create_subject(
            district=district, kind="ground", name=f"园{number}", operator=unit
        )
        actions.report_figures(
            district=district, subject=ground, period="2026", source="报表", now=now,
            values={"safe": Decimal(1)}, reported_on=now.date(),
        )  # fmt: skip
    chores.step(now=now - timedelta(days=2))
    return int(count)


def night_killed(after: str) -> None:
    """Work as the worker does; the process dies in the transaction after so many, just before it
    would commit."""
    import os
    import signal

    from luoshi.expectations.actions import night as rooms
    from luoshi.infra import worker

    rooms.AT_ONCE = AT_ONCE
    real, calls = rooms.settle, []

    def deadly(**given: Any) -> Any:
        settled = real(**given)
        calls.append(given)
        if len(calls) > int(after):
            os.kill(os.getpid(), signal.SIGKILL)
        return settled

    rooms.settle = deadly
    worker.run_once()


def work() -> int:
    from luoshi.infra import worker

    return worker.run_once()


def night() -> dict[str, Any]:
    """What the night has come to, and what does not add up."""
    from luoshi.cases import check
    from luoshi.cases.models import Case
    from luoshi.expectations.models import Finding, Night, Standing, Tally

    return {
        "findings": Finding.objects.count(),
        "cases": Case.objects.filter(origin="finding").count(),
        "standings": Standing.objects.count(),
        "tally": sum(Tally.objects.values_list("count", flat=True)),
        "over": Night.objects.filter(finished_at__isnull=False).count(),
        "faults": [str(fault) for fault in check.faults()],
    }


TASKS = (build, stored, report, work_after_the_lease, swings, night_killed, work, night)


def main(arguments: list[str]) -> int:
    import django

    django.setup()
    tasks = {task.__name__: task for task in TASKS}
    print(json.dumps(tasks[arguments[0]](*arguments[1:])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
