"""Many messages about one problem: merged together, and by a desk person's standing instruction
also those that still come, until an hour that he names.

Every merge is an ordinary one, by the rules and signed by that person: his instruction is the
reason, and a worker only carries it out. What the rules refuse is left to a person and named.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.cases import actions
from luoshi.cases.actions import Actor, NoSuchCase, Refused
from luoshi.cases.models import Case, StormOrder
from luoshi.cases.queries.likely import like_target
from luoshi.infra import kept
from luoshi.infra.ids import RANDOM_BITS, new_id
from luoshi.rules.guards import MERGEABLE
from luoshi.rules.state import Status

AT_ONCE = 200
"""Cases of one bulk merge."""
LONGEST = timedelta(hours=48)
"""An instruction ends by itself: a storm is over by then, or it is none."""

LATE_COMERS = 60_000 << RANDOM_BITS
"""A minute of ids: what was received a moment earlier may be committed a moment later."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case of many: `refused` is the code of the rules, empty when it went."""

    case: int
    number: str
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A standing instruction that runs: whose, into which case, until when, what it did."""

    id: int
    target: int
    person: int
    given_at: datetime
    until: datetime
    joined: tuple[int, ...]
    refused: int


def merge_all(
    *, cases: Sequence[int], target: int, actor: Actor, now: datetime, text: str = ""
) -> tuple[Outcome, ...]:
    """Merge each into the target, one by one: what is refused does not stop the others."""
    return _each(
        [case for case in cases if case != target],
        lambda case: actions.merge(case=case, target=target, actor=actor, now=now, text=text),
    )


def unmerge_all(
    *, cases: Sequence[int], actor: Actor, now: datetime, text: str = ""
) -> tuple[Outcome, ...]:
    """Take merges back, one by one."""
    return _each(cases, lambda case: actions.unmerge(case=case, actor=actor, now=now, text=text))


def _each(cases: Sequence[int], give: Callable[[int], object]) -> tuple[Outcome, ...]:
    wanted = list(dict.fromkeys(cases))[:AT_ONCE]
    numbers = dict(Case.objects.filter(pk__in=wanted).values_list("pk", "number"))
    return tuple(
        Outcome(case, numbers[case], _tried(give, case)) for case in wanted if case in numbers
    )


def _tried(give: Callable[[int], object], case: int) -> str:
    try:
        give(case)
    except Refused as no:
        return no.code
    except NoSuchCase:
        return "target_not_open"
    return ""


# ---- Standing instructions ----


def give_order(*, target: int, actor: Actor, until: datetime, now: datetime) -> int:
    """Put further ones like the target into it until then; the id. A second one for the same
    target takes the place of the first. Raises Refused until_wrong, target_not_open."""
    if not now < until <= now + LONGEST:
        raise Refused("until_wrong")
    with transaction.atomic():
        row = Case.objects.select_for_update().filter(pk=target).first()
        if row is None or not _takes(row) or actor.person is None:
            raise Refused("target_not_open")
        running = StormOrder.objects.filter(target=row, ended_at=None)
        running.update(ended_at=now, ended_by=actor.person)
        order = StormOrder.objects.create(
            id=new_id(now=now),
            district_id=row.district_id,
            target=row,
            person=actor.person,
            given_at=now,
            until=until,
        )
        return order.pk


def end_order(*, order: int, district: int, actor: Actor, now: datetime) -> None:
    """Stop it now; what it merged stays, and can be taken back like any merge."""
    running = StormOrder.objects.filter(pk=order, district_id=district, ended_at=None)
    running.update(ended_at=now, ended_by=actor.person)


def orders(district: int, *, now: datetime) -> tuple[Order, ...]:
    """Those that run, the newest first."""
    return tuple(order for order in _running(district) if order.until > now)


@kept.by("cases_stormorder")
def _running(district: int) -> tuple[Order, ...]:
    rows = StormOrder.objects.filter(district_id=district, ended_at=None)
    return tuple(_order(row) for row in rows.order_by("-pk"))


def order_of(order: int, district: int) -> Order | None:
    """One, also when it has ended."""
    row = StormOrder.objects.filter(pk=order, district_id=district).first()
    return _order(row) if row else None


def _order(row: StormOrder) -> Order:
    return Order(
        id=row.pk,
        target=row.target_id,
        person=row.person,
        given_at=row.given_at,
        until=row.until,
        joined=tuple(row.joined),
        refused=len(row.refused),
    )


def _takes(row: Case) -> bool:
    """The rules judge each merge; this only tells when none can come any more."""
    return row.status in MERGEABLE and not (row.sealed or row.parent or row.children)


def carry_out(now: datetime) -> int:
    """A step of the worker: the new cases that fit, for every instruction that runs."""
    running = StormOrder.objects.filter(ended_at=None).select_related("target")
    return sum(_guarded(order, now) for order in running)


def _guarded(order: StormOrder, now: datetime) -> int:
    """One that breaks must not stop the others."""
    try:
        return _carried_out(order, now)
    except Exception:
        log.exception("the standing instruction %s broke off", order.pk)
        return 0


def _carried_out(order: StormOrder, now: datetime) -> int:
    if now >= order.until or not _takes(order.target):
        StormOrder.objects.filter(pk=order.pk, ended_at=None).update(ended_at=now)
        return 1
    found, last = like_target(
        order.target,
        since=order.given_at,
        after=order.looked_to - LATE_COMERS,
        without=_known(order),
    )
    done = sum(_joined(order.pk, order.target_id, case, now) for case in found)
    if last > order.looked_to:
        StormOrder.objects.filter(pk=order.pk).update(looked_to=last)
    return done


def _known(order: StormOrder) -> Collection[int]:
    return {int(case) for case in (*order.joined, *order.refused)}


def _joined(order_id: int, target: int, case: int, now: datetime) -> int:
    """Merge and note in one transaction, while the instruction still runs and nobody has taken up
    the case. Cases are locked before the order, as where it is given."""
    with transaction.atomic():
        both = Case.objects.select_for_update().filter(pk__in=[target, case]).order_by("pk")
        status = {row.pk: row.status for row in both}.get(case)
        order = StormOrder.objects.select_for_update().filter(pk=order_id, ended_at=None).first()
        if order is None or case in _known(order) or status != Status.NEW:
            return 0
        try:
            with transaction.atomic():
                actions.merge(
                    case=case,
                    target=order.target_id,
                    actor=Actor(person=order.person),
                    now=now,
                    text=_reason(order),
                )
        except (Refused, NoSuchCase) as no:
            order.refused[str(case)] = getattr(no, "code", "target_not_open")
            log.warning("a standing instruction could not merge case %s: %s", case, no)
        else:
            order.joined.append(case)
        order.save(update_fields=["joined", "refused"])
        return 1


def _reason(order: StormOrder) -> str:
    at = {
        "given": f"{timezone.localtime(order.given_at):%Y-%m-%d %H:%M}",
        "until": f"{timezone.localtime(order.until):%Y-%m-%d %H:%M}",
    }
    said = _(
        "By standing instruction of %(given)s: further ones like this go here until %(until)s."
    )
    return said % at
