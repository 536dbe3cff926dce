"""What can be imported. Each kind says which columns there are and what a row becomes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from luoshi.doors.sheets.columns import Column

Fault = tuple[str, str, dict[str, Any]]
"""Code of the column ("" = the whole row), code in words.FAULTS, details."""


@dataclass(slots=True)
class Reading:
    """A row as it is understood. `known`: it was imported before. `same`: it changes nothing.

    `shown`: by column what it says now; `changes`: by column what it says and said before.
    """

    value: Any = None
    key: str = ""
    faults: list[Fault] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    changes: dict[str, list[str]] = field(default_factory=dict)
    known: bool = False
    same: bool = False
    notes: list[str] = field(default_factory=list)


class Kind(Protocol):
    """One sheet's rows, read and done a piece at a time; made anew for every piece."""

    @property
    def columns(self) -> tuple[Column, ...]: ...

    def read(self, rows: Sequence[Mapping[str, Any]]) -> list[Reading]:
        """Rows by code of column, empty cells left out."""
        ...

    def do(self, readings: Sequence[Reading], *, person: int, now: datetime) -> list[int | None]:
        """Puts good rows in, in the caller's transaction; what each became, None when it was there
        already. Raises NotPossible when the person may not, or may no longer."""
        ...


class NotPossible(Exception):
    """The whole import cannot go on; `code` as in words.REFUSED."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Make = Callable[[int, str, Mapping[str, Any], datetime], Kind]
"""(district, target, options, now)"""


def make(
    kind: str, *, district: int, target: str, options: Mapping[str, Any], now: datetime
) -> Kind:
    from luoshi.doors.sheets.kinds import messages, returns, subjects

    makers: dict[str, Make] = {
        "messages": messages.Messages,
        "subjects": subjects.Subjects,
        "returns": returns.Returns,
    }
    return makers[kind](district, target, options, now)
