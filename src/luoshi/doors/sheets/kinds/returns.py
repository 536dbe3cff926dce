"""Reported figures: one row a subject, one column a figure, all for a period.

An empty cell reports nothing. A value that differs from the one reported before is a correction
and needs a reason, which is asked once for the whole sheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from luoshi.doors.sheets import cells
from luoshi.doors.sheets.columns import Column
from luoshi.doors.sheets.kinds import NotPossible, Reading
from luoshi.doors.sheets.kinds.known import Subjects, said_in
from luoshi.doors.sheets.refused import Bad
from luoshi.expectations import actions, queries
from luoshi.expectations.queries.columns import FigureColumn, figure_columns, reported_of

FIGURE = "figure."

SUBJECT = Column(
    code="subject",
    label=_("Subject, by code or name"),
    names=("对象", "名称", "单位名称", "编码", "代码", "Subject", "Name", "Code"),
    required=True,
    help=_("Its code, else its name as registered."),
)
PERIOD = Column(
    code="period",
    label=_("Period"),
    names=("期间", "报告期", "时期", "Period"),
    help=_("2020, 2020-H1, 2020-Q2, 2020-06 or 2020-06-30; without it the one given above."),
)


@dataclass(slots=True)
class Report:
    subject: int
    period: str
    values: dict[str, Decimal] = field(default_factory=dict)
    revises: bool = False


class Returns:
    """`target` is the code of the kind. options: period, source, reported_on (ISO), reason."""

    def __init__(
        self, district: int, target: str, options: Mapping[str, Any], now: datetime
    ) -> None:
        self.district, self.options = district, options
        kind = queries.kind(district, target)
        if kind is None:
            raise NotPossible("kind_gone")
        self.kind = kind
        self.figures = {FIGURE + one.code: one for one in figure_columns(district, target)}

    @property
    def columns(self) -> tuple[Column, ...]:
        return (SUBJECT, PERIOD, *(_column(code, one) for code, one in self.figures.items()))

    def read(self, rows: Sequence[Mapping[str, Any]]) -> list[Reading]:
        here = Subjects(self.district, self.kind.code, said_in(rows, "subject"))
        found = [self._read(row, here) for row in rows]
        good = [one.value for one in found if not one.faults]
        before = reported_of({r.subject for r in good}, {r.period for r in good})
        for one in found:
            if not one.faults:
                self._compare(one, before)
        return found

    def _read(self, row: Mapping[str, Any], here: Subjects) -> Reading:
        found, subject, values = Reading(), 0, dict[str, Decimal]()
        period = str(self.options.get("period", ""))
        for code, value in row.items():
            try:
                if code == "subject":
                    named = here.one(cells.text(value, most=200))
                    subject, found.shown["subject"] = named.id, named.name
                elif code == "period":
                    period = _period(value)
                else:
                    values[code.removeprefix(FIGURE)] = self._number(self.figures[code], value)
                    found.notes += ["numbers_as_text"] if isinstance(value, str) else []
            except Bad as no:
                found.faults.append((code, no.code, no.details))
        if "subject" not in row:
            found.faults.append(("subject", "missing", {}))
        if not period:
            found.faults.append(("period", "missing", {}))
        elif self._begins_later(period):
            found.faults.append(("period", "period_ahead", {}))
        if not found.faults and not values:
            found.faults.append(("", "nothing_reported", {}))
        found.key = f"{subject}\n{period}"
        found.value = Report(subject, period, values)
        return found

    def _begins_later(self, period: str) -> bool:
        """Later than the day on which it is said to have been reported."""
        day = str(self.options.get("reported_on", ""))
        return bool(day) and actions.period_start(period) > date.fromisoformat(day)

    def _number(self, figure: FigureColumn, value: Any) -> Decimal:
        if figure.share and isinstance(value, int | float) and 0 < abs(value) <= 1:
            # 78.33 in a cell that only shows the sign is 0.7833 in the file: nobody can tell.
            raise Bad("share_as_fraction", write=f"{value * 100:.6g}")
        return cells.number(value, decimals=figure.decimals, percent=figure.percent)

    def _compare(self, found: Reading, before: Mapping[Any, Decimal | None]) -> None:
        report = found.value
        for code, value in report.values.items():
            key, column = (report.subject, report.period, code), FIGURE + code
            found.shown[column] = _said(value)
            if key not in before or before[key] != value:
                found.changes[column] = [_said(before.get(key)), _said(value)]
            if key in before and before[key] != value:
                report.revises = True
                if not self.options.get("reason"):
                    details = {"before": _said(before[key])}
                    found.faults.append((column, "differs", details))
        found.shown["period"] = report.period
        found.same = not found.changes

    def do(self, readings: Sequence[Reading], *, person: int, now: datetime) -> list[int | None]:
        return [self._do(one.value, person, now) for one in readings]

    def _do(self, report: Report, person: int, now: datetime) -> int | None:
        done = actions.report_figures(
            district=self.district,
            subject=report.subject,
            period=report.period,
            values=report.values,
            source=str(self.options["source"]),
            reported_on=date.fromisoformat(str(self.options["reported_on"])),
            reason=str(self.options.get("reason", "")),
            person=person,
            now=now,
        )
        return report.subject if done.new else None


def _period(value: Any) -> str:
    said = cells.text(value, most=20)
    try:
        actions.period_end(said)
    except actions.BadPeriod as no:
        raise Bad("period") from no
    return said


def _said(value: Decimal | None) -> str:
    if value is None:
        return ""
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _column(code: str, figure: FigureColumn) -> Column:
    return Column(
        code=code,
        label=figure.name,
        names=(*figure.names, figure.code),
        help=figure.unit,
    )
