"""The workflow as a document: docs/case-states.md is made from the table that decides.

Pure: returns Markdown with a Mermaid diagram. The sentences are the docstrings of the guards.
"""

from collections.abc import Iterator, Mapping

from luoshi.rules.case import TABLE, Row
from luoshi.rules.deadlines import URGENCIES, Term, Terms
from luoshi.rules.due import OWES, REMINDER
from luoshi.rules.guards import Guard
from luoshi.rules.state import MAX_LEVEL, OPEN, Due, Status

STATUS = {
    Status.NEW: "received, waiting for the desk",
    Status.ASSIGNED: "a unit was named and has not acknowledged",
    Status.HANDLING: "a person of that unit works on it",
    Status.RETURNED: "the unit says it is not the right one; a ruling is awaited",
    Status.CLAIMED: "said to be done; somebody independent verifies it",
    Status.VERDICT: "verified; the reporter has the last word",
    Status.DEFERRED: "cannot be solved now; never counted as closed",
    Status.CLOSED: "ended with a resolution",
}

WAITS = {
    Status.NEW: (Due.TRIAGE,),
    Status.ASSIGNED: (Due.ACKNOWLEDGE,),
    Status.HANDLING: (Due.CONTACT, Due.HANDLING),
    Status.RETURNED: (Due.RULING,),
    Status.CLAIMED: (Due.VERIFY,),
    Status.VERDICT: (Due.VERDICT,),
    Status.DEFERRED: (Due.REVIEW,),
}

_TERM = {
    Due.TRIAGE: "triage",
    Due.ACKNOWLEDGE: "acknowledgement",
    Due.CONTACT: "contact",
    Due.RULING: "ruling",
    Due.VERIFY: "verification",
    Due.VERDICT: "verdict",
}

_MISSED = {
    Due.VERIFY: "the level rises and another verifier is drawn",
    Due.VERDICT: "the lapse is recorded as no answer and the case closes",
    Due.REVIEW: "the case is resumed",
}

_FORMER = (Status.NEW, Status.ASSIGNED, Status.HANDLING)
"""Where a merge can be taken back to."""

_BY_CLOCK = {Status.VERDICT: Status.CLOSED, Status.DEFERRED: Status.HANDLING}


def case_states(*, table: Mapping[str, Row] = TABLE, terms: Terms | None = None) -> str:
    """The whole document."""
    terms = terms or Terms()
    parts = [
        "# The states of a case",
        "Made by `luoshi docs` from the table in `src/luoshi/rules/case.py`; edit that, not this.",
        f"```mermaid\n{diagram(table)}\n```",
        "## States, and what each waits for",
        _waiting(terms),
        _reminders(),
        "How long a unit has, by urgency: " + ", ".join(_urgencies(terms)) + ".",
        "## Commands",
        _commands(table),
    ]
    return "\n\n".join(parts) + "\n"


def diagram(table: Mapping[str, Row] = TABLE) -> str:
    """A Mermaid stateDiagram-v2: one arrow for each way, with the commands that take it."""
    ways: dict[tuple[str, str], list[str]] = {}
    for kind, start, end in edges(table):
        ways.setdefault((start or "[*]", end), []).append(kind)
    arrows = [f"    {start} --> {end}: {', '.join(kinds)}" for (start, end), kinds in ways.items()]
    return "\n".join(["stateDiagram-v2", *arrows])


def edges(table: Mapping[str, Row] = TABLE) -> Iterator[tuple[str, Status | None, Status]]:
    """Every change of status that a command can cause: (command, from, to)."""
    for kind, row in table.items():
        for start in [None, *Status]:
            if start in row.frm:
                yield from ((kind, start, end) for end in _ends(kind, row, start))


def _ends(kind: str, row: Row, start: Status | None) -> Iterator[Status]:
    if kind == "tick":
        yield from (end for status, end in _BY_CLOCK.items() if status is start)
    elif row.to == "former status":
        yield from _FORMER
    else:
        words = row.to.replace("never assigned", "").replace(";", " ").split()
        yield from (status for status in Status if status in words and status is not start)


def _waiting(terms: Terms) -> str:
    rows = ["| state | meaning | waits for | owed by | time | when missed |", "|" + "---|" * 6]
    for status, meaning in STATUS.items():
        for due in WAITS.get(status, ()):
            missed = _MISSED.get(due, "the level of supervision rises")
            cells = (status, meaning, due, OWES[due], _time(due, terms), missed)
            rows.append(f"| {' | '.join(cells)} |")
        if status not in OPEN:
            rows.append(f"| {status} | {meaning} | nothing | | | |")
    return "\n".join(rows)


def _time(due: Due, terms: Terms) -> str:
    if due is Due.HANDLING:
        return "the deadline of the case"
    if due is Due.REVIEW:
        return "the date set"
    usual = _length(terms.of(_TERM[due]))
    return f"{usual}; danger {_length(terms.triage_danger)}" if due is Due.TRIAGE else usual


def _length(term: Term) -> str:
    number, unit = (term.hours, "hour") if term.hours else (term.working_days, "working day")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _reminders() -> str:
    return (
        f"What stays missed is reminded of every {_length(REMINDER)}, one level of supervision "
        f"higher each time, up to level {MAX_LEVEL}. A claim is reminded of for as long as it "
        "waits, since another verifier can always be drawn."
    )


def _urgencies(terms: Terms) -> Iterator[str]:
    yield from (f"{name} {_length(terms.of(name))}" for name in URGENCIES)


def _commands(table: Mapping[str, Row]) -> str:
    rows = ["| command | by | from | to | must hold |", "|" + "---|" * 5]
    for kind, row in table.items():
        held = " ".join(sentence(guard) for guard in (*row.when, *row.given))
        by = ", ".join(sorted(row.by))
        rows.append(f"| {kind} | {by} | {_start(row)} | {row.to} | {held} |")
    return "\n".join(rows)


def _start(row: Row) -> str:
    if row.frm >= OPEN:
        return "any open"
    missing = OPEN - row.frm
    if len(row.frm) > 1 and len(missing) <= 2:
        return "any open but " + ", ".join(status for status in Status if status in missing)
    names = [status.value for status in Status if status in row.frm]
    return ", ".join(names) if None not in row.frm else "nothing yet"


def sentence(guard: Guard) -> str:
    """What a guard demands, in words."""
    return (guard.__doc__ or guard.__name__.replace("_", " ")).strip().splitlines()[0]
