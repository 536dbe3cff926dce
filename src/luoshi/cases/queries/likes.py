"""Pictures that look like an earlier one, as far as the one who asks may see the earlier one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from luoshi.cases.gather import World
from luoshi.cases.models import Picture, Report
from luoshi.cases.queries.seen import seen
from luoshi.trust import vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """The earlier picture, None when it was erased. Who may not see it learns the day and nothing
    else: not its case, and not whether that is a confidential one."""

    at: datetime
    picture: int | None
    case: int | None
    number: str
    explanation: str | None  # why they look alike, in the words of whoever brought the later one


def likes(
    found: Mapping[int, tuple[int, int | None]], *, here: Collection[int], person: int, there: World
) -> dict[int, Like]:
    """By picture the earlier one that it looks like. `found`: by picture the id of the earlier one
    and of the explanation; `here`: pictures that this person sees anyway. Five queries, or none.
    """
    if not found:
        return {}
    wanted = {earlier for earlier, _ in found.values()}
    rows = {row.pk: row for row in Picture.objects.filter(pk__in=wanted).select_related("case")}
    texts = vault.read_texts({text for _, text in found.values() if text})
    shown = {id for id in wanted if id in here} | _visible(
        [row for row in rows.values() if row.pk not in here], person, there
    )
    return {
        id: _like(rows[earlier], texts.get(text or 0), seen=earlier in shown)
        for id, (earlier, text) in found.items()
        if earlier in rows
    }


def _like(row: Picture, explanation: str | None, *, seen: bool) -> Like:
    return Like(
        at=row.at,
        picture=row.pk if seen and row.erased_at is None else None,
        case=row.case_id if seen else None,
        number=row.case.number if seen else "",
        explanation=explanation,
    )


def _visible(rows: list[Picture], person: int, there: World) -> set[int]:
    """A confidential report's pictures are for the inspection team in that case's own page."""
    if not rows:
        return set()
    cases = {row.case_id: row.case for row in rows}
    sealed = set(
        Report.objects.filter(
            pk__in={row.report for row in rows if row.report}, track="confidential"
        ).values_list("pk", flat=True)
    )
    open_to_him = seen(cases.values(), person=person, there=there)
    return {row.pk for row in rows if row.case_id in open_to_him and row.report not in sealed}
