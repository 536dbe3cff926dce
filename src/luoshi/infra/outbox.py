"""Work that follows a transaction, done by the worker: at least once, never inside a request.

`enqueue` writes in the caller's transaction, so work and reason stand or fall together. A handler
may run again after a crash, always with the same `delivery_id`; what it does must be harmless twice
or be known to the other side under that id.
"""

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from luoshi.infra import bulk, direct
from luoshi.infra.models import Delivery

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)


class UnknownHandler(LookupError):
    """The name is not in settings.DELIVERY_HANDLERS."""


class DeliveryFailed(Exception):
    """Raised by a handler with words that are safe to store: no name, number or reporter's text."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A delivery that was tried in vain at least once."""

    id: int
    district: int
    handler: str
    ref: str
    attempts: int
    due_at: datetime
    error: str


def enqueue(*, district: int, handler: str, ref: str, due_at: datetime) -> None:
    """Queue `handler` for `ref` (e.g. "event:123"). Asking twice for what still waits is once."""
    if handler not in settings.DELIVERY_HANDLERS:
        raise UnknownHandler(handler)
    row = Delivery(
        district_id=district,
        handler=handler,
        ref=ref,
        due_at=due_at,
    )
    direct.insert_once(row)


def enqueue_many(*, district: int, what: Sequence[tuple[str, str]], due_at: datetime) -> None:
    """`enqueue` for many (handler, ref) at once."""
    for handler in {handler for handler, _ in what} - settings.DELIVERY_HANDLERS.keys():
        raise UnknownHandler(handler)
    names = ("district_id", "handler", "ref", "due_at")
    rows = ((district, handler, ref, due_at) for handler, ref in what)
    bulk.insert(Delivery, names, rows, ignore=True)


def run_due(*, now: datetime, limit: int = 100) -> int:
    """Try up to `limit` deliveries due at `now`, oldest first; returns how many were tried.

    `now` counts for all of them: a worker that wants a fresh lease for each passes `limit=1`.
    """
    for tried in range(limit):
        delivery = _claim(now)
        if delivery is None:
            return tried
        _run(delivery, now)
    return limit


def failing(*, limit: int = 100) -> list[Failure]:
    """Deliveries with an error, the longest waiting first, for those who watch over the system."""
    rows = Delivery.objects.exclude(error="").order_by("created_at")[:limit]
    return [
        Failure(
            id=row.id,
            district=row.district_id,
            handler=row.handler,
            ref=row.ref,
            attempts=row.attempts,
            due_at=row.due_at,
            error=row.error,
        )
        for row in rows
    ]


def _claim(now: datetime) -> Delivery | None:
    free = Q(locked_until=None) | Q(locked_until__lte=now)
    due = Delivery.objects.filter(free, due_at__lte=now).order_by("due_at", "id")
    # An idle worker must not take SQLite's only write lock in every round.
    if not due.exists():
        return None
    with transaction.atomic():
        delivery = due.select_for_update(skip_locked=True).first()
        if delivery is None:
            return None
        delivery.attempts += 1
        delivery.locked_until = now + LEASE
        delivery.save(update_fields=["attempts", "locked_until"])
    return delivery


def _run(delivery: Delivery, now: datetime) -> None:
    try:
        handler: Callable[..., None] = import_string(settings.DELIVERY_HANDLERS[delivery.handler])
        handler(delivery.ref, delivery_id=delivery.id, now=now)
    except Exception as problem:
        _postpone(delivery, problem, now)
    else:
        Delivery.objects.filter(id=delivery.id).delete()


def _postpone(delivery: Delivery, problem: Exception, now: datetime) -> None:
    # Another program's message may quote a phone number: only our own words are kept.
    error = str(problem) if isinstance(problem, DeliveryFailed) else ""
    error = error or type(problem).__name__
    where = "".join(traceback.format_tb(problem.__traceback__))
    log.error("delivery %s to %s failed: %s\n%s", delivery.id, delivery.handler, error, where)
    # The number of the attempt says whether the lease is still ours.
    Delivery.objects.filter(id=delivery.id, attempts=delivery.attempts).update(
        due_at=now + retry_after(attempts=delivery.attempts), locked_until=None, error=error
    )


def retry_after(*, attempts: int) -> timedelta:
    """The pause after that many failed attempts: 30 s, doubled each time, at most 6 hours."""
    doublings = min(attempts - 1, 20)
    return min(FIRST_RETRY * (1 << doublings), LONGEST_RETRY)
