"""What became of suggestions: kept so that their worth can be shown, and for nothing else."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from luoshi.cases.models import Suggested
from luoshi.cases.suggest.asking import Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Over some cases that were triaged, for one target."""

    shown: int
    taken: int
    silent: int

    @property
    def overruled(self) -> int:
        return self.shown - self.taken


def record(
    *,
    district: int,
    case: int,
    said: Suggestion,
    category: str,
    owner: int | None,
    now: datetime,
) -> None:
    """What was suggested for a case and whether it was what the desk chose. `owner` None: not
    chosen yet. Only the first triage of a case counts; nothing learned yet leaves no row."""
    if said.category.version is None or said.category.why in {"none", "few"}:
        return
    Suggested.objects.get_or_create(
        case=case,
        defaults={
            "district_id": district,
            "at": now,
            "version": said.category.version,
            "category": said.category.value,
            "owner": int(said.owner.value) if said.owner.value else None,
            "margin": said.category.margin,
            "taken": said.category.value == category if said.category.value else None,
            "owner_taken": (
                int(said.owner.value) == owner if said.owner.value and owner is not None else None
            ),
        },
    )


def tally(district: int, *, since: datetime) -> dict[str, Tally]:
    """By target; one query over the cases triaged since then."""
    rows = Suggested.objects.filter(district_id=district, at__gte=since)
    found = rows.aggregate(
        every=Count("pk"),
        shown=Count("pk", filter=Q(taken__isnull=False)),
        taken=Count("pk", filter=Q(taken=True)),
        owner_shown=Count("pk", filter=Q(owner_taken__isnull=False)),
        owner_taken=Count("pk", filter=Q(owner_taken=True)),
        owner_silent=Count("pk", filter=Q(owner=None)),
    )
    return {
        "category": Tally(
            shown=found["shown"],
            taken=found["taken"],
            silent=found["every"] - found["shown"],
        ),
        "owner": Tally(
            shown=found["owner_shown"], taken=found["owner_taken"], silent=found["owner_silent"]
        ),
    }
