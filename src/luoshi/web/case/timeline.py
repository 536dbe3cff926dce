"""The history of a case in words: what happened, who did it, and the details that count."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luoshi.cases.queries import Entry, Like
from luoshi.cases.wording import (
    DOOR,
    DUE,
    EVENT,
    HEARD,
    LEVEL,
    MEANS,
    MEASURE,
    RESOLUTION,
    SEAT,
    TIER,
    URGENCY,
    VERDICT,
)
from luoshi.rules.state import Origin, Sample, Seat
from luoshi.web import formats
from luoshi.web.case.about import About
from luoshi.web.case.choices import Label
from luoshi.web.case.names import Names

Kind = Literal["plain", "main", "good", "bad"]
Detail = tuple[str, str]

MAIN = frozenset({"received", "assigned", "transferred", "ruled", "claimed", "split", "reopened"})
BAD = frozenset({"missed", "escalated", "contact_denied", "redrawn", "concluded", "lapsed"})
OF_VERIFIER = frozenset({"drawn", "recused", "redrawn", "opened", "verified"})
NOT_FOR_HANDLERS = frozenset({"accusation_lifted"})
"""Whoever is accused or may be does not read who was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of the timeline. `draw` holds pool and seed, with which anybody can draw again."""

    seq: int
    at: datetime
    title: str
    who: str
    kind: Kind
    details: tuple[Detail, ...]
    text: str
    said: str  # words of the reporter
    pictures: int
    draw: tuple[Detail, ...] = ()
    fresh: bool = False
    likes: tuple[tuple[int, Like], ...] = ()  # pictures of it that look like an earlier one
    explanation: str = ""  # why they do


def timeline(about: About, names: Names, *, since: int | None = None) -> list[Moment]:
    """Every event that this person may read, the newest first; `since` marks what came after."""
    reader = Reader(about)
    return [
        _moment(entry, names, reader, since)
        for entry in reversed(about.page.entries)
        if not (reader.handles and entry.kind in NOT_FOR_HANDLERS)
    ]


class Reader:
    """What the person of the page may not read yet."""

    def __init__(self, about: About) -> None:
        state, seats = about.state, about.page.seats
        self.handles = not seats & {Seat.DESK, Seat.INSPECTOR, Seat.LEADER, Seat.NEUTRAL}
        self.handles = self.handles and Seat.VERIFIER not in seats
        self.likes = about.page.likes
        self.doors = {r.id: str(DOOR.get(r.door, r.door)) for r in about.page.reports}
        self.knows_verifier = not state.open or Seat.VERIFIER in seats
        self.knows_sampler = state.sample is not Sample.DRAWN or Seat.SAMPLER in seats

    def hides(self, entry: Entry) -> bool:
        """Whether this entry would tell who verifies or checks before it is time."""
        if entry.kind in OF_VERIFIER or entry.seat == Seat.VERIFIER:
            return not self.knows_verifier
        return entry.kind == "sample_drawn" and not self.knows_sampler


def _moment(entry: Entry, names: Names, reader: Reader, since: int | None) -> Moment:
    hidden = reader.hides(entry)
    reporter = entry.seat == Seat.REPORTER
    text = entry.text or ""
    likes = reader.likes
    return Moment(
        seq=entry.seq,
        at=entry.at,
        title=_title(entry),
        who=_who(entry, names, reader, hidden),
        kind=_kind(entry),
        details=tuple(_details(entry, names, reader, hidden)),
        text="" if reporter else text,
        said=text if reporter else "",
        pictures=len(entry.data.get("pictures", ())),
        draw=() if hidden else tuple(_draw(entry, names)),
        fresh=since is not None and entry.seq > since,
        likes=tuple((p, likes[p]) for p in entry.data.get("pictures", ()) if p in likes),
        explanation=entry.explanation or "",
    )


def _title(entry: Entry) -> str:
    if entry.kind == "asked" and entry.seat == Seat.VERIFIER:
        return _("Question of the verifier to the reporter")
    if entry.kind == "joined" and entry.data.get("origin") == Origin.FINDING:
        if entry.data.get("again"):
            return _("Found again")
        return _("Something else found at the same place")
    return str(EVENT.get(entry.kind, entry.kind))


def _who(entry: Entry, names: Names, reader: "Reader", hidden: bool) -> str:
    seat = str(SEAT.get(entry.seat, entry.seat))
    if entry.seat == Seat.DOOR:
        return reader.doors.get(entry.data.get("report", 0), seat)
    if hidden and entry.seat == Seat.VERIFIER:
        return seat
    found = []
    if entry.person in names.people:
        found.append(names.person(entry.person))
    if entry.unit in names.units:
        found.append(names.unit(entry.unit))
    return f"{seat} · {_(', ').join(found)}" if found else seat


def _kind(entry: Entry) -> Kind:
    data = entry.data
    if entry.kind in BAD:
        return "bad"
    if entry.kind == "verified":
        return "good" if data.get("passed") else "bad"
    if entry.kind == "verdict_given":
        return "good" if data.get("solved") else "bad"
    if entry.kind == "closed":
        return "bad" if data.get("resolution") in {"unsolved", "unverified"} else "good"
    return "main" if entry.kind in MAIN else "plain"


# ---- Details, by kind of event ----

Say = Callable[[Mapping[str, Any], Names], Iterator[Detail]]


def _details(entry: Entry, names: Names, reader: Reader, hidden: bool) -> Iterator[Detail]:
    if entry.kind in {"drawn", "sample_drawn"} and not hidden:
        yield _("Drawn"), names.person(entry.data.get("person"))
    if entry.kind in {"drawn", "sample_drawn"}:
        pool = len(entry.data.get("pool", ()))
        yield _("From"), ngettext("%(n)d person", "%(n)d people", pool) % {"n": pool}
    if entry.kind == "redrawn" and not hidden:
        yield _("Instead of"), names.person(entry.data.get("person"))
    if entry.data.get("accused") and not reader.handles:
        accused = entry.data["accused"]
        yield _("Accused"), _(", ").join(names.unit(unit) for unit in accused)
    say = SAY.get(entry.kind)
    if say:
        yield from say(entry.data, names)


def _classified(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    if data.get("category"):
        yield _("Category"), names.category(data["category"])
    if data.get("urgency"):
        yield _("Urgency"), str(URGENCY.get(data["urgency"], data["urgency"]))
    if data.get("tier"):
        yield _("Verification"), str(TIER.get(data["tier"], data["tier"]))
    place = names.place(area=data.get("area"), subject=data.get("subject"))
    if place:
        yield _("Place"), place


def _owned(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    yield _("Responsible"), names.unit(data.get("owner"))
    yield from _deadline(data, names)
    if data.get("final"):
        yield _("Ruling"), _("Final: only a leader can move the case now")


def _deadline(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    if data.get("deadline"):
        yield _("Deadline"), moment(data["deadline"])


def _cases(word: Label) -> Say:
    def say(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
        for key in ("target", "case", "children"):
            value = data.get(key)
            if value:
                many = value if isinstance(value, list) else [value]
                yield str(word), _(", ").join(names.case(one) for one in many)

    return say


def _person(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    if data.get("person"):
        yield _("Handled by"), names.person(data["person"])


def _returned(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    yield _("Right unit in their view"), names.unit(data.get("right_unit"))


def _contacted(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    yield _("How"), str(MEANS.get(data.get("how", ""), data.get("how", "")))


def _asked_for(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    n = int(data.get("days") or 0)
    yield _("Asked for"), ngettext("%(n)d working day", "%(n)d working days", n) % {"n": n}


def _decided(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    if data.get("by_clock"):
        yield _("What was decided"), _("Refused: not decided before the deadline")
        return
    yield _("What was decided"), _("Granted") if data.get("granted") else _("Refused")
    if data.get("deadline"):
        yield _("New deadline"), moment(data["deadline"])


def _claimed(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    outcome = data.get("outcome", "")
    yield _("What came of it"), str(RESOLUTION.get(outcome, outcome))
    measures = [str(MEASURE.get(code, code)) for code in data.get("measures", ())]
    if measures:
        yield _("Measures"), _("; ").join(measures)


def _raised(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    if data.get("raised"):
        yield _("Verification"), _("Drawn into the share that is verified on site")


def _verified(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    yield _("Result"), _("Holds") if data.get("passed") else _("Does not hold: sent back")
    if data.get("heard") in HEARD:
        yield _("Reporter heard"), str(HEARD[data["heard"]])


def _verdict(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    yield _("Verdict"), str(VERDICT["solved" if data.get("solved") else "unsolved"])
    satisfied = data.get("satisfied")
    if satisfied is not None:
        yield _("Satisfied"), _("Yes") if satisfied else _("No")


def _sample(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    yield _("Result"), _("Right") if data.get("right") else _("Wrong: reopened")


def _review(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    if data.get("review_at"):
        yield _("Review on"), formats.date(datetime.fromisoformat(data["review_at"]))


def _level(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    if data.get("due"):
        yield _("Missed"), str(DUE.get(data["due"], data["due"]))
    level = data.get("level")
    if level:
        yield _("Supervision"), str(LEVEL.get(level, level))


def _lifted(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    yield _("Unit"), names.unit(data.get("unit"))


def _closed(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    resolution = data.get("resolution", "")
    yield _("Result"), str(RESOLUTION.get(resolution, resolution))
    if data.get("verdict"):
        yield _("Reporter's verdict"), str(VERDICT.get(data["verdict"], data["verdict"]))


def _reopened(data: Mapping[str, Any], names: Names) -> Iterator[Detail]:
    if data.get("cause") == "recurrence":
        yield _("Why"), _("The same problem at the same place was reported again")
    yield from _deadline(data, names)


SAY: Mapping[str, Say] = {
    "received": _classified,
    "imported": _classified,
    "classified": _classified,
    "assigned": _owned,
    "transferred": _owned,
    "ruled": _owned,
    "merged": _cases(gettext_lazy("Into")),
    "absorbed": _cases(gettext_lazy("Case")),
    "released": _cases(gettext_lazy("Case")),
    "split": _cases(gettext_lazy("Parts")),
    "acknowledged": _person,
    "handed_over": _person,
    "returned": _returned,
    "contacted": _contacted,
    "extension_asked": _asked_for,
    "extension_decided": _decided,
    "claimed": _claimed,
    "drawn": _raised,
    "verified": _verified,
    "verdict_given": _verdict,
    "sample_checked": _sample,
    "deferred": _review,
    "escalated": _level,
    "missed": _level,
    "accusation_lifted": _lifted,
    "closed": _closed,
    "reopened": _reopened,
}


def _draw(entry: Entry, names: Names) -> Iterator[Detail]:
    if entry.kind in {"drawn", "sample_drawn"} and entry.data.get("seed"):
        pool = entry.data.get("pool", ())
        yield _("Pool"), _(", ").join(f"{names.person(one)} ({one})" for one in pool)
        yield _("Seed"), str(entry.data["seed"])


def moment(iso: str) -> str:
    """A time of an event's data, as a reader sees it."""
    return formats.until(datetime.fromisoformat(iso))
