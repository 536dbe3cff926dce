"""Taking in many reports at once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from luoshi.cases.gather import Actor
from luoshi.cases.intake import NewReport, Received, _key, receive
from luoshi.cases.models import IdempotencyKey


def already(*, district: int, door: str, external_ids: Collection[str]) -> set[str]:
    """Those of these names under which a door handed something in before; one query."""
    keys = {_key(one): one for one in external_ids}
    rows = IdempotencyKey.objects.filter(district_id=district, door=door, key__in=list(keys))
    return {keys[bytes(key)] for key in rows.values_list("key", flat=True)}


def receive_many(
    *, reports: Sequence[NewReport], now: datetime, by: Actor | None = None
) -> list[Received]:
    return [receive(report=one, now=now, by=by) for one in reports]
