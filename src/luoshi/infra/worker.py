"""The worker's loop: what is due in the outbox, then the steps that settings name."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone
from django.utils.module_loading import import_string

from luoshi.infra import outbox

log = logging.getLogger(__name__)

DELIVERIES_A_ROUND = 100
PAUSE_SECONDS = 1.0

Step = Callable[..., int]


def run(*, stop: threading.Event, clock: Callable[[], datetime] = timezone.now) -> None:
    """Rounds until `stop` is set; a pause only after a round that found nothing to do."""
    steps = load_steps()
    while not stop.is_set():
        close_old_connections()  # a database that went away is asked anew
        done = one_round(steps=steps, clock=clock, stop=stop)
        if not done:
            stop.wait(PAUSE_SECONDS)


def run_once(*, clock: Callable[[], datetime] = timezone.now) -> int:
    """Rounds until one finds nothing to do; returns the pieces of work done."""
    steps, total = load_steps(), 0
    while done := one_round(steps=steps, clock=clock, stop=threading.Event()):
        total += done
    return total


def load_steps() -> list[Step]:
    return [import_string(path) for path in settings.WORKER_STEPS]


def one_round(*, steps: list[Step], clock: Callable[[], datetime], stop: threading.Event) -> int:
    done = _guarded(lambda: _deliver(clock, stop))
    for step in steps:
        if not stop.is_set():
            done += _guarded(lambda step=step: step(now=clock()))  # type: ignore[misc]
    return done


def _deliver(clock: Callable[[], datetime], stop: threading.Event) -> int:
    for tried in range(DELIVERIES_A_ROUND):
        if stop.is_set() or not outbox.run_due(now=clock(), limit=1):
            return tried
    return DELIVERIES_A_ROUND


def _guarded(work: Callable[[], int]) -> int:
    """One broken step must not end the others."""
    try:
        return work()
    except Exception:
        log.exception("a step of the worker failed")
        return 0
