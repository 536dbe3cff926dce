"""The record of a day: what each deed cost, and the document that says so."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

OUT = os.environ.get("LUOSHI_DAY", "")
"""A folder in which the tool that writes the document wants the figures; empty in a test."""
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "day.md"


@dataclass(slots=True)
class Cost:
    """Of one deed. `seconds` is what the program took; nobody thinks or reads in it. `down` and
    `up` are bytes, answers with their headers, and bodies that were sent
    but for the pictures in them."""

    keys: int = 0
    taps: int = 0
    typed: int = 0
    seconds: float = 0.0
    down: int = 0
    up: int = 0
    below: int = 0
    """How many pixels one must scroll, the page just opened, to reach what one came for."""


@dataclass(slots=True)
class Row:
    """One kind of deed, and what it cost each time it was done."""

    part: str
    deed: str
    costs: list[Cost] = field(default_factory=list)

    def span(self, name: str) -> str:
        """The least and the most: what is counted is the same on every machine."""
        found = [getattr(cost, name) for cost in self.costs]
        return f"{min(found)}" if min(found) == max(found) else f"{min(found)}–{max(found)}"

    @property
    def counted(self) -> str:
        """How this row begins in the document."""
        spans = " | ".join(self.span(name) for name in ("keys", "taps", "typed"))
        return f"| {self.deed} | {len(self.costs)} | {spans} |"


@dataclass(slots=True)
class Day:
    """Rows in the order in which their deeds were first done."""

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)

    def note(self, part: str, deed: str, cost: Cost) -> None:
        self.rows.setdefault((part, deed), Row(part, deed)).costs.append(cost)

    def compare(self) -> None:
        """What is counted is what the document says; or its writer gets the figures."""
        if OUT:
            rows = [asdict(row) for row in self.rows.values()]
            part = next(iter(self.rows.values())).part
            Path(OUT, f"{part}.json").write_text(json.dumps(rows))
            return
        said = DOCUMENT.read_text(encoding="utf-8")
        other = [row.counted for row in self.rows.values() if row.counted not in said]
        assert not other, (
            "docs/day.md says otherwise (python -m tools.day writes it)\n" + "\n".join(other)
        )
