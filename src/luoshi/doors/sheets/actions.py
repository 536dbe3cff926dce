"""What people decide about an upload: the only writer of imports, beside the worker's pieces."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from luoshi.doors.sheets import columns, opening, secret, staging
from luoshi.doors.sheets.kinds import make
from luoshi.doors.sheets.models import AT_WORK, OVER, Import, Known, Mark, Row, Stage
from luoshi.doors.sheets.refused import SheetRefused
from luoshi.infra import files


class MovedOn(Exception):
    """Somebody else, or the worker, was quicker; look at the page again."""


def upload(
    *,
    district: int,
    person: int,
    kind: str,
    target: str,
    options: Mapping[str, Any],
    name: str,
    data: bytes,
    now: datetime,
) -> int:
    """Keep a file for the worker; its import's id. Nothing but its outside is looked at here.

    Raises SheetRefused, StorageFull.
    """
    form = opening.form_of(data)
    sheets = opening.sheets(data) if form == "xlsx" else ()
    # Hidden sheets are told, and read only when somebody asks for them.
    shown = [one.name for one in sheets if not one.hidden] or [one.name for one in sheets]
    alone = len(sheets) <= 1
    row = Import.objects.create(
        district=district,
        person=person,
        at=now,
        kind=kind,
        target=target,
        options=dict(options),
        name=name[:200],
        file=files.put(secret.seal(data)),
        form=form,
        size=len(data),
        sheets=[[one.name, one.hidden] for one in sheets],
        sheet=(shown[0][:100] if shown else "") if alone else "",
        stage=Stage.READING if alone else Stage.CHOOSING,
    )
    return row.pk


def choose_sheet(*, id: int, sheet: str) -> None:
    """Raises MovedOn."""
    with transaction.atomic():
        row = _held(id, Stage.CHOOSING)
        if sheet not in {name for name, _ in row.sheets}:
            raise MovedOn
        row.sheet, row.stage = sheet, Stage.READING
        row.save(update_fields=["sheet", "stage"])


def move_header(*, id: int, number: int, now: datetime) -> None:
    """Another row names the columns. Raises MovedOn; SheetRefused when nothing stands there."""
    with transaction.atomic():
        row = _held(id, Stage.MAPPING)
        found = row.rows.filter(number=number).first()
        if found is None:
            raise SheetRefused("empty_header", row=number)
        kind = make(
            row.kind, district=row.district, target=row.target, options=row.options, now=now
        )
        header = columns.named(secret.open_cells(found.cells))
        for name, value in staging.head(row, number, header, kind).items():
            setattr(row, name, value)
        row.save()


def map_columns(*, id: int, mapping: Sequence[str], options: Mapping[str, Any]) -> None:
    """Says which column is what, and keeps it for the next sheet with this header.

    Also from the preview back: everything is checked again. Raises MovedOn.
    """
    with transaction.atomic():
        row = _held(id, Stage.MAPPING, Stage.READY)
        row.mapping, row.options = list(mapping), {**row.options, **options}
        row.stage, row.cursor, row.counts = Stage.CHECKING, row.header_row, {}
        row.save()
        # Those above the header too: it may have stood higher when they were checked before.
        row.rows.update(mark=Mark.STAGED, faults=[], key=None, found={})
        Known.objects.update_or_create(
            district=row.district,
            kind=row.kind,
            target=row.target,
            signature=columns.signature(row.header),
            defaults={"mapping": row.mapping, "options": _kept(row.options)},
        )


def _kept(options: Mapping[str, Any]) -> dict[str, Any]:
    """What is the same next time: not the period, nor the reason of one correction."""
    return {name: options[name] for name in ("ledger", "source") if options.get(name)}


def map_again(*, id: int) -> None:
    """Back from the preview to the columns. Raises MovedOn."""
    with transaction.atomic():
        row = _held(id, Stage.READY)
        row.stage = Stage.MAPPING
        row.save(update_fields=["stage"])


def confirm(*, id: int, person: int, now: datetime) -> None:
    """From here on good rows go in, in the name of whoever confirms. Raises MovedOn."""
    with transaction.atomic():
        row = _held(id, Stage.READY)
        if not row.counts.get("marks", {}).get(Mark.GOOD):
            raise MovedOn
        row.stage, row.person, row.confirmed_at = Stage.IMPORTING, person, now
        row.save(update_fields=["stage", "person", "confirmed_at"])


def cancel(*, id: int, now: datetime) -> None:
    """Nothing more goes in; what is in stays. Once it is over, nothing happens."""
    with transaction.atomic():
        row = Import.objects.select_for_update().get(pk=id)
        if row.stage in OVER:
            return
        row.stage, row.finished_at = Stage.CANCELLED, now
        row.save(update_fields=["stage", "finished_at"])
        Row.objects.filter(~Q(mark=Mark.DONE), of=row).delete()
    files.remove(row.file)


def again(*, id: int) -> None:
    """After the worker gave it up: let it try once more. Raises MovedOn."""
    with transaction.atomic():
        row = _held(id, *AT_WORK)
        row.tries, row.error = 0, {}
        row.save(update_fields=["tries", "error"])


def _held(id: int, *stages: Stage) -> Import:
    row = Import.objects.select_for_update().get(pk=id)
    if row.stage not in stages:
        raise MovedOn
    return row
