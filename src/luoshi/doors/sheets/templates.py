"""Templates: the header as it is read again, what is there already, and a sheet of notes."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from luoshi.doors.sheets.columns import Column
from luoshi.doors.sheets.kinds import make
from luoshi.doors.sheets.kinds.returns import FIGURE, Returns
from luoshi.doors.sheets.kinds.subjects import Subjects, written
from luoshi.expectations.queries.columns import reported_of
from luoshi.registry import queries as registry
from luoshi.registry.queries import SubjectInfo

PART = 1_000

Sheets = list[tuple[str, Sequence[str], Any]]


def sheets(kind: str, target: str, *, district: int, data: bool, period: str) -> Sheets:
    """The sheets of a template. `data`: with the present subjects, or the figures of `period`."""
    # Headers are Chinese whoever asks: the sheets go round in the district's offices.
    with translation.override("zh-hans"):
        made = make(kind, district=district, target=target, options={}, now=timezone.now())
    columns = made.columns
    rows: Any = [[one.sample for one in columns]] if any(c.sample for c in columns) else []
    if kind == "messages":
        pass
    elif data and isinstance(made, Subjects):
        rows = _subjects(made, district)
    elif isinstance(made, Returns):
        rows = _returns(made, district, period)
    return [
        (_("Sheet to fill in"), [one.names[0] for one in columns], rows),
        (_("Notes"), [_("Column"), _("Needed"), _("What goes there")], _notes(kind, columns)),
    ]


def _notes(kind: str, columns: Sequence[Column]) -> Iterator[list[Any]]:
    for one in columns:
        needed = _("yes") if one.required else ""
        yield [one.names[0], needed, f"{one.label}: {one.help}" if one.help else str(one.label)]
    yield ["", "", ""]
    yield ["", "", _("Dates as 2020-06-30, numbers as digits with a point before decimals.")]
    if kind == "subjects":
        yield ["", "", _("An empty cell changes nothing. A row with a known code changes it.")]
    if kind == "returns":
        yield ["", "", _("An empty cell reports nothing, which is not 0.")]
    if kind == "messages":
        yield ["", "", _("Replace the first row: it is an example.")]


def _all(district: int, kind: str) -> Iterator[tuple[SubjectInfo, ...]]:
    after = 0
    while part := registry.subjects_page(district, kind=kind, after=after, limit=PART):
        yield part
        after = part[-1].id


def _subjects(made: Subjects, district: int) -> Iterator[list[Any]]:
    for part in _all(district, made.about.code):
        parents = registry.subject_names({one.parent for one in part if one.parent})
        for one in part:
            cells = written(made, one, parents)
            yield [cells[column.code] for column in made.columns]


def _returns(made: Returns, district: int, period: str) -> Iterator[list[Any]]:
    """All subjects, with what was reported for the period."""
    for part in _all(district, made.kind.code):
        known = reported_of([one.id for one in part], [period] if period else [])
        for one in part:
            row: list[Any] = [one.code or one.name, period or None]
            for column in made.columns[2:]:
                value = known.get((one.id, period, column.code.removeprefix(FIGURE)))
                row.append(None if value is None else value)
            yield row
