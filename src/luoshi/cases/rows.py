"""Between the row of a case and the State of the rules: same names, other containers."""

from dataclasses import fields
from typing import Any

from luoshi.cases.models import Case
from luoshi.rules.state import (
    Due,
    Extension,
    Origin,
    Resolution,
    Sample,
    State,
    Status,
    Tier,
    Verdict,
)

NAMES = tuple(field.name for field in fields(State))
_SETS = frozenset({"accused", "handlers", "returned_by"})
_ENUMS = {
    "status": Status,
    "resolution": Resolution,
    "origin": Origin,
    "tier": Tier,
    "before_merge": Status,
    "extension": Extension,
    "outcome": Resolution,
    "verdict": Verdict,
    "sample": Sample,
    "due": Due,
}


def to_state(row: Case) -> State:
    """The state that a row holds."""
    return State(**{name: _in(name, getattr(row, name)) for name in NAMES})


def put_state(row: Case, state: State) -> None:
    """Writes every field of the state into the row, unsaved."""
    for name in NAMES:
        setattr(row, name, _out(name, getattr(state, name)))


def _in(name: str, value: Any) -> Any:
    if name in _SETS:
        return frozenset(value)
    if name == "missed":
        return frozenset(Due(due) for due in value)
    enum = _ENUMS.get(name)
    return enum(value) if enum and value is not None else value


def _out(name: str, value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value
