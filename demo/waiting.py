"""Work that lies ready for whoever signs in after the demo: the street office, a verifier."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import cycle, islice

from demo import texts
from demo.walk import Walk
from luoshi.registry import queries as registry
from luoshi.registry.queries import SubjectInfo
from luoshi.rules.deadlines import is_working
from luoshi.rules.state import State

VERIFIER = "verifier1"
AT_THE_STREET = ("estate.clutter", "public.noise", "estate.green")
ON_SITE = (("estate.parking", "estate"), ("market.hygiene", "market"))
ON_PAPERS = (("public.noise", "estate"), ("market.records", "market"), ("estate.trees", "estate"))
"""Categories and the kind of place, several in turn: many of one would look as if it spread."""
MOST = 60
"""Claims of each made at most, until one of them was drawn for the verifier: with four of them to
draw from, he is passed over so often once in thirty million days."""
STEP = timedelta(seconds=30)


class _Yesterday:
    """Moments of the last working day, one after the other."""

    def __init__(self, walk: Walk, now: datetime) -> None:
        day = now.astimezone(walk.calendar.tz).date() - timedelta(days=1)
        while not is_working(walk.calendar, day):
            day -= timedelta(days=1)
        self.at = datetime.combine(day, time(9), walk.calendar.tz)

    def next(self) -> datetime:
        self.at += STEP
        return self.at


def leave(walk: Walk, *, now: datetime) -> None:
    """Three cases of the street office, the first not acknowledged yet; and claims, until each way
    of verifying waits for the verifier."""
    there, time_goes_on = walk.demo.story, _Yesterday(walk, now)
    estate = registry.subject(there.estate)
    for number, category in enumerate(AT_THE_STREET):
        case = _dispatched(walk, category, estate, time_goes_on, owner=there.street_office)
        if number:
            _taken_on(walk, case, time_goes_on)
    for among in (ON_SITE, ON_PAPERS):
        _claim_until_drawn(walk, among, time_goes_on)


def _claim_until_drawn(walk: Walk, among: Sequence[tuple[str, str]], yesterday: _Yesterday) -> None:
    """Not to be raised from papers to the spot, or there would be none on papers."""
    there = {
        category: cycle(registry.subjects(walk.demo.district, kind=kind, limit=MOST))
        for category, kind in among
    }
    for category in islice(cycle(there), MOST):
        state = _claimed(walk, category, next(there[category]), yesterday)
        if state.verifier == walk.demo.people[VERIFIER] and not state.raised:
            return


def _dispatched(
    walk: Walk, category: str, place: SubjectInfo, yesterday: _Yesterday, *, owner: int | None
) -> int:
    at = yesterday.next()
    case = walk.receive(
        at,
        door="phone",
        external_id=f"demo-waiting-{at.isoformat()}",
        text=texts.REPORTS[category][-1].format(place=place.name),
        phone=f"139{walk.chance.randrange(10**8):08d}",
        subject=place.id,
        area=place.area,
    ).case
    walk.do(
        "desk1", case, "classify", yesterday.next(),
        category=category, area=place.area, subject=place.id, text=texts.summary(category),
    )  # fmt: skip
    at = yesterday.next()
    walk.do("desk1", case, "assign", at, owner=owner or walk.duty(walk.state(case), at))
    return case


def _taken_on(walk: Walk, case: int, yesterday: _Yesterday) -> str:
    who = walk.owner(walk.state(case))
    walk.do(who, case, "acknowledge", yesterday.next(), person=walk.demo.people[who])
    walk.do(who, case, "contact", yesterday.next(), how="call")
    return who


def _claimed(walk: Walk, category: str, place: SubjectInfo, yesterday: _Yesterday) -> State:
    case = _dispatched(walk, category, place, yesterday, owner=None)
    who = _taken_on(walk, case, yesterday)
    measure, words = texts.WORK[category]
    walk.do(
        who, case, "claim", yesterday.next(),
        outcome="fixed", measures=[measure], text=words, pictures=1,
    )  # fmt: skip
    return walk.state(case)
