"""One line of a list of cases, and pages of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from luoshi.cases.models import Case
from luoshi.cases.rows import to_state
from luoshi.rules.state import State
from luoshi.trust import vault

Texts = Mapping[int, str | None]
"""What was written, by its id in the vault; None: sealed or erased."""


@dataclass(frozen=True, slots=True)
class Line:
    """A case as lists show it. `text` is the desk's summary, else the first report's words; `door`
    is the one through which that came, empty for what no report brought."""

    id: int
    number: str
    seq: int
    state: State
    text: str
    door: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, and where to go on: `next` is the `after` of the following page, or None."""

    lines: tuple[Line, ...]
    next: str | None = None


def line(case: int) -> Line | None:
    """One case as a line; None when there is none. Up to two queries."""
    row = Case.objects.filter(pk=case).first()
    return lines([row])[0] if row else None


def lines(rows: Iterable[Case]) -> tuple[Line, ...]:
    """Lines for rows, with their texts: one query for any number."""
    found = list(rows)
    wanted = {text for row in found if (text := text_of(row))}
    texts = vault.read_texts(wanted) if wanted else {}
    return tuple(line_of(row, words_of(row, texts)) for row in found)


def text_of(row: Case) -> int | None:
    """Where the text lies that lists show of a case."""
    return row.summary or (None if row.sealed else row.told)


def words_of(row: Case, texts: Texts) -> str:
    """The text that lists show of a case, once it was read; empty when erased or sealed."""
    return texts.get(text_of(row) or 0) or ""


def line_of(row: Case, text: str) -> Line:
    """The line of a row whose text is known."""
    return Line(
        id=row.pk, number=row.number, seq=row.seq, state=to_state(row), text=text, door=row.door
    )


def moment_key(at: datetime | None, case: int) -> str:
    """A keyset position in a list ordered by a time and then by id."""
    return f"{at.isoformat() if at else ''}|{case}"


def read_moment_key(key: str) -> tuple[datetime | None, int]:
    """Raises ValueError for anything that `moment_key` did not make."""
    at, case = key.split("|")
    return (datetime.fromisoformat(at) if at else None), int(case)
