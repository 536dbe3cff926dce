"""What is done to sealed things, written down with its reason and committed to the log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from luoshi.infra.ids import new_id
from luoshi.trust import log
from luoshi.trust.errors import ReasonRefused
from luoshi.trust.models import Erasure, RevealRecord

# Four characters of Chinese can be a reason ("电话回访"), fewer or a row of dots cannot.
SHORTEST_REASON = 4
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, why and when; `by` is a person's id, `now` is aware."""

    by: int
    reason: str
    now: datetime


def checked(*, by: int, reason: str, now: datetime) -> Act:
    """Raises ReasonRefused."""
    reason = reason.replace("\x00", "").strip()
    letters = sum(char.isalnum() for char in reason)
    if not letters:
        raise ReasonRefused("reason_missing")
    if letters < SHORTEST_REASON:
        raise ReasonRefused("reason_too_short")
    if len(reason) > LONGEST_REASON:
        raise ReasonRefused("reason_too_long")
    return Act(by, reason, now)


def record_reveal(act: Act, *, district: int, vault_id: int | None, file_sha256: str) -> None:
    row_id = new_id(now=act.now)
    what: dict[str, log.JSON] = (
        {"vault": str(vault_id)} if vault_id is not None else {"file": file_sha256}
    )
    leaf = _leaf("reveal", row_id, act, what)
    RevealRecord.objects.create(
        id=row_id,
        district_id=district,
        vault_id=vault_id,
        file_sha256=file_sha256,
        by=act.by,
        reason=act.reason,
        at=act.now,
        nonce=leaf.nonce,
        canonical=leaf.canonical,
        leaf_id=log.append(district=district, leaf=leaf),
    )


def record_erasure(
    act: Act, *, district: int, vault_id: int | None = None, picture_id: int | None = None
) -> None:
    """One of both is given."""
    row_id = new_id(now=act.now)
    what: dict[str, log.JSON] = (
        {"vault": str(vault_id)} if vault_id is not None else {"picture": str(picture_id)}
    )
    leaf = _leaf("erase", row_id, act, what)
    Erasure.objects.create(
        id=row_id,
        district_id=district,
        vault_id=vault_id,
        picture_id=picture_id,
        by=act.by,
        reason=act.reason,
        at=act.now,
        nonce=leaf.nonce,
        canonical=leaf.canonical,
        leaf_id=log.append(district=district, leaf=leaf),
    )


def erased_pictures(among: Iterable[int]) -> set[int]:
    """Those of these pictures whose erasure is on record; one query."""
    rows = Erasure.objects.filter(picture_id__in=set(among))
    return {id for id in rows.values_list("picture_id", flat=True) if id is not None}


def leaves_of_acts(among: Iterable[int]) -> set[int]:
    """Which of these rows of the log belong to a reveal or an erasure; two queries."""
    wanted = set(among)
    return {
        leaf
        for model in (RevealRecord, Erasure)
        for leaf in model.objects.filter(leaf__in=wanted).values_list("leaf_id", flat=True)
    }


def _leaf(kind: str, row_id: int, act: Act, what: dict[str, log.JSON]) -> log.Leaf:
    return log.commit(
        groups={
            "act": {"kind": kind, "id": str(row_id), "at": act.now.astimezone(UTC).isoformat()},
            "what": what,
            "who": {"by": str(act.by)},
            "why": {"reason": act.reason},
        }
    )
