import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from luoshi.infra import outbox

Run = tuple[str, int, datetime]
SECOND = timedelta(seconds=1)

ran: list[Run] = []
faults: list[BaseException] = []


def note(ref: str, *, delivery_id: int, now: datetime) -> None:
    ran.append((ref, delivery_id, now))
    if faults:
        raise faults.pop()


@pytest.fixture(autouse=True)
def _note(settings: Settings) -> None:
    settings.DELIVERY_HANDLERS = {"note": f"{__name__}.note", "other": f"{__name__}.note"}
    ran.clear()
    faults.clear()


@pytest.fixture
def queue(db: None, now: datetime) -> Callable[..., None]:
    def add(ref: str, *, handler: str = "note", due: datetime = now) -> None:
        outbox.enqueue(district=1, handler=handler, ref=ref, due_at=due)

    return add


Queue = Callable[..., None]


def refs() -> list[str]:
    return [ref for ref, _, _ in ran]


def test_what_is_due_runs_once_oldest_first(queue: Queue, now: datetime) -> None:
    queue("event:2", due=now - SECOND)
    queue("event:1", due=now - 2 * SECOND)
    assert outbox.run_due(now=now) == 2
    assert outbox.run_due(now=now) == 0
    assert refs() == ["event:1", "event:2"]


def test_what_is_not_due_waits(queue: Queue, now: datetime) -> None:
    queue("event:1", due=now + SECOND)
    assert outbox.run_due(now=now) == 0
    assert outbox.run_due(now=now + SECOND) == 1


def test_the_same_work_queued_twice_runs_once(queue: Queue, now: datetime) -> None:
    queue("event:1")
    queue("event:1", due=now - SECOND)
    queue("event:1", handler="other")
    assert outbox.run_due(now=now) == 2


def test_no_more_than_the_limit_is_tried(queue: Queue, now: datetime) -> None:
    for number in range(3):
        queue(f"event:{number}")
    assert outbox.run_due(now=now, limit=2) == 2
    assert outbox.run_due(now=now, limit=2) == 1


def test_an_unknown_handler_is_refused_when_queued(queue: Queue) -> None:
    with pytest.raises(outbox.UnknownHandler):
        queue("event:1", handler="nobody")


def test_work_queued_in_a_transaction_that_fails_never_runs(queue: Queue, now: datetime) -> None:
    @transaction.atomic
    def report_and_fail() -> None:
        queue("event:1")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        report_and_fail()
    assert outbox.run_due(now=now) == 0


def test_failed_work_comes_back_later_under_the_same_id(queue: Queue, now: datetime) -> None:
    queue("event:1")
    faults.append(outbox.DeliveryFailed("the gateway is busy"))
    assert outbox.run_due(now=now) == 1
    [failure] = outbox.failing()
    assert (failure.ref, failure.attempts) == ("event:1", 1)
    assert failure.error == "the gateway is busy"
    assert failure.due_at == now + outbox.FIRST_RETRY
    assert outbox.run_due(now=now + outbox.FIRST_RETRY - SECOND) == 0
    assert outbox.run_due(now=now + outbox.FIRST_RETRY) == 1
    assert len({delivery_id for _, delivery_id, _ in ran}) == 1
    assert outbox.failing() == []


def test_one_failure_does_not_hold_up_the_rest(queue: Queue, now: datetime) -> None:
    queue("event:1", due=now - SECOND)
    queue("event:2")
    faults.append(OSError("no route"))
    assert outbox.run_due(now=now) == 2
    assert refs() == ["event:1", "event:2"]


def test_a_strange_error_is_kept_without_its_words(
    queue: Queue, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    queue("event:1")
    faults.append(OSError("cannot send to 13800000000"))
    outbox.run_due(now=now)
    assert outbox.failing()[0].error == "OSError"
    assert "13800000000" not in caplog.text
    assert "test_outbox.py" in caplog.text


def test_pauses_double_up_to_six_hours() -> None:
    pauses = [outbox.retry_after(attempts=number) for number in range(1, 40)]
    assert pauses[0] == outbox.FIRST_RETRY
    assert all(b == min(2 * a, outbox.LONGEST_RETRY) for a, b in pairwise(pauses))
    assert pauses[-1] == outbox.LONGEST_RETRY


def test_a_worker_killed_in_its_work_is_followed_by_another(queue: Queue, now: datetime) -> None:
    queue("event:1")
    faults.append(KeyboardInterrupt())  # nothing after the handler runs, as after a kill
    with pytest.raises(KeyboardInterrupt):
        outbox.run_due(now=now)
    assert outbox.run_due(now=now + outbox.LEASE - SECOND) == 0
    assert outbox.run_due(now=now + outbox.LEASE) == 1
    assert len(ran) == 2
    assert len({delivery_id for _, delivery_id, _ in ran}) == 1


def test_a_late_failure_does_not_touch_the_lease_of_a_successor(
    queue: Queue, now: datetime, settings: Settings
) -> None:
    settings.DELIVERY_HANDLERS = {"note": f"{__name__}.overtaken"}
    queue("event:1")
    outbox.run_due(now=now)
    assert refs() == ["overtaken"]
    assert outbox.failing() == []


def overtaken(ref: str, *, delivery_id: int, now: datetime) -> None:
    """Takes so long that its lease ends and somebody else does the work."""
    ran.append(("overtaken", delivery_id, now))
    if len(ran) == 1:
        outbox.Delivery.objects.filter(id=delivery_id).update(attempts=2)
        raise OSError


@pytest.mark.usefixtures("transactional_db")
def test_workers_side_by_side_share_the_work_and_double_nothing(now: datetime) -> None:
    for number in range(40):
        outbox.enqueue(district=1, handler="note", ref=f"event:{number}", due_at=now)
    start = threading.Barrier(4)
    counts: list[int] = []

    def work() -> None:
        start.wait()
        counts.append(outbox.run_due(now=now))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 40
    assert sorted(refs()) == sorted(f"event:{number}" for number in range(40))


@pytest.mark.usefixtures("postgres")
def test_a_row_locked_elsewhere_is_passed_over_on_postgresql(now: datetime) -> None:
    outbox.enqueue(district=1, handler="note", ref="event:1", due_at=now - SECOND)
    outbox.enqueue(district=1, handler="note", ref="event:2", due_at=now)
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            outbox.Delivery.objects.select_for_update().get(ref="event:1")
            held.set()
            release.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    assert outbox.run_due(now=now) == 1
    release.set()
    holder.join()
    assert refs() == ["event:2"]
