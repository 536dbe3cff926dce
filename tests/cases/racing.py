"""Several hands at once: real threads, each with a connection of its own.

On PostgreSQL everybody is let run into one locked case first: the race then begins when all of
them demonstrably wait for it. SQLite lets one writer in at a time, so a common start is all there
is to arrange.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import connection, transaction

from luoshi.cases.models import Case, CaseEvent
from luoshi.cases.rows import to_state
from luoshi.rules.evolve import fold
from luoshi.rules.state import Event, Refused
from tests import system

WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
PATIENCE = 60

Move = Callable[[], Any]


def race(*moves: Move, over: int | None = None) -> list[Any]:
    """What came of each move: its result, or the Refused that it got. Any other error is raised.

    `over`: the case that all moves lock; nobody gets it before all of them want it.
    """
    start = Barrier(len(moves), timeout=PATIENCE)
    with ThreadPoolExecutor(len(moves)) as pool:
        with _held_back(over, len(moves)):
            futures = [pool.submit(_run, move, start) for move in moves]
            _await_waiting(over, futures)
        return [future.result(PATIENCE) for future in futures]


def _run(move: Move, start: Barrier) -> Any:
    try:
        connection.ensure_connection()  # nobody is late because he still dials
        start.wait()
        return move()
    except Refused as refused:
        return refused
    finally:
        connection.close()


@contextmanager
def _held_back(over: int | None, hands: int) -> Iterator[None]:
    if over is None or connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=over)
        yield


def _await_waiting(over: int | None, futures: list[Future[Any]]) -> None:
    if over is None or connection.vendor != "postgresql":
        return

    def all_wait() -> bool:
        failed = [future for future in futures if future.done()]
        assert not failed, f"did not wait for the case: {[f.exception() for f in failed]}"
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees the first
            cursor.execute(WAITING)
            return bool(cursor.fetchone()[0] == len(futures))

    system.wait_until(all_wait, seconds=PATIENCE)


def codes(outcomes: list[Any]) -> list[str]:
    """The codes of the refusals among the outcomes."""
    return sorted(found.code for found in outcomes if isinstance(found, Refused))


def kinds(case: int) -> list[str]:
    """What happened in a case, in order; its history is checked on the way."""
    events = list(CaseEvent.objects.filter(case=case).order_by("seq"))
    row = Case.objects.get(pk=case)
    assert [event.seq for event in events] == list(range(1, row.seq + 1))
    assert fold((Event(e.kind, e.data), e.at) for e in events) == to_state(row)
    return [event.kind for event in events]
