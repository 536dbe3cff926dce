"""The document about the workflow says what the workflow does."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from luoshi.rules.case import TABLE
from luoshi.rules.describe import WAITS, case_states, diagram, sentence
from luoshi.rules.due import OWES
from luoshi.rules.state import OPEN
from tests.rules import tries


def test_what_each_state_waits_for_is_what_the_clock_waits_for() -> None:
    assert WAITS.keys() == OPEN
    assert {due for dues in WAITS.values() for due in dues} == set(OWES)
    assert {status: set(dues) for status, dues in WAITS.items()} == {
        status: set(dues) for status, dues in tries.WAITS.items()
    }


@pytest.mark.parametrize("kind", TABLE)
def test_every_command_has_its_line_with_every_condition(kind: str) -> None:
    commands = case_states().partition("## Commands")[2].splitlines()
    line = next(row for row in commands if row.startswith(f"| {kind} |"))
    for guard in (*TABLE[kind].when, *TABLE[kind].given):
        assert guard.__doc__, guard.__name__
        assert sentence(guard) in line


def test_the_diagram_is_drawn_in_mermaid() -> None:
    first, *arrows = diagram().splitlines()
    assert first == "stateDiagram-v2"
    assert "    [*] --> new: receive" in arrows
    assert "    verdict --> closed: verdict, tick" in arrows


def test_the_document_is_up_to_date() -> None:
    call_command("docs", "--check")


def test_a_document_that_differs_is_noticed_and_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match="project's folder"):
        call_command("docs")
    (tmp_path / "docs").mkdir()
    said = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("docs", "--check", stderr=said)
    assert "run `luoshi docs`" in said.getvalue()
    call_command("docs")
    call_command("docs", "--check")
    assert (tmp_path / "docs" / "case-states.md").read_text(encoding="utf-8") == case_states()
