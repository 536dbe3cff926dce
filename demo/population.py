"""The life of the district around the story: finished and open cases, all through actions."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from demo import places, texts
from demo.walk import NotYet, Walk
from luoshi.cases import actions, queries
from luoshi.cases.actions import Received
from luoshi.registry import queries as registry
from luoshi.registry.queries import SubjectInfo
from luoshi.rules.state import Status, Tier
from luoshi.trust import codes

FINISHED, OPEN = 400, 60
SPREADING = 7
"""Cases of the last days about one thing in one neighbourhood, which hardly knew it before."""
SPREADS = "estate.trees"
SAME_SPOT = 0.05
"""How often a claim's picture looks like an earlier one, and says why."""
DAYS_BACK = 110
Places = Mapping[str, Sequence[SubjectInfo]]
"""By kind, where cases happen."""
TOGETHER = 20
"""Cases made in one transaction: a commit to disk for each step would take minutes."""


@dataclass(frozen=True)
class Begun:
    """A case that was just received, and what it is about."""

    got: Received
    category: str
    at: datetime
    area: int | None
    subject: int | None = None


@dataclass(frozen=True)
class Fate:
    """What becomes of a case; `calm`: nothing urgent, `sealed`: told to the inspection team,
    `spreads`: one of SPREADING."""

    live: Callable[[Walk, Begun, datetime], None]
    calm: bool = False
    sealed: bool = False
    spreads: bool = False


ABOUT = {
    "estate": ("estate.green", "estate.parking", "estate.clutter", "estate.trees",
               "public.noise", "utility.outage", "danger.road", "enquiry.policy"),
    "market": ("market.hygiene", "market.records"),
    "restaurant": ("restaurant.fumes",),
    "preschool": ("preschool.place",),
}  # fmt: skip
URGENT = ("danger.road", "utility.outage")
WEIGHT = {"estate": 32, "market": 4, "restaurant": 2, "preschool": 2}


def populate(
    walk: Walk, *, now: datetime, told: Callable[[int, int], None] = lambda done, of: None
) -> None:
    """FINISHED closed cases, OPEN ones, SPREADING others, the oldest first so that ids follow time.

    `told(done, of)` is called as it goes on.
    """
    places.more(walk.demo, walk.chance, (now - timedelta(days=900)).date())
    there = {kind: registry.subjects(walk.demo.district, kind=kind, limit=500) for kind in WEIGHT}
    plan = [
        *_moments(walk, now, FINISHED, 14, DAYS_BACK, Fate(_finish)),
        *_moments(walk, now, OPEN - OPEN // 4, 0, 6, Fate(_leave_open)),
        *_moments(walk, now, OPEN // 6, 12, 25, Fate(_get_stuck, calm=True)),
        *_moments(walk, now, OPEN // 12, 0, 2, Fate(_wait, sealed=True)),
        *_moments(walk, now, SPREADING, 1, 6, Fate(_dispatch, spreads=True)),
    ]
    plan.sort(key=lambda item: item[0])
    for start in range(0, len(plan), TOGETHER):
        with transaction.atomic():
            for moment, fate in plan[start : start + TOGETHER]:
                _live(walk, moment, now, fate, there)
        told(min(start + TOGETHER, len(plan)), len(plan))


def _moments(
    walk: Walk, now: datetime, count: int, least: int, most: int, fate: Fate
) -> Iterator[tuple[datetime, Fate]]:
    for _ in range(count):
        # Open cases are mostly young. Residents write at any hour, but the newest message is at
        # least ten minutes old.
        share = walk.chance.random() ** (2 if least == 0 else 1)
        back = timedelta(days=least + share * (most - least))
        yield min(now - back, now - timedelta(minutes=10)), fate


def _live(walk: Walk, moment: datetime, now: datetime, fate: Fate, there: Places) -> None:
    """Receive one case and let it live until today."""
    begun = _receive_sealed(walk, moment) if fate.sealed else _receive(walk, moment, fate, there)
    try:
        fate.live(walk, begun, now)
    except NotYet:
        _tick_until(begun.got.case, now)


def _receive(walk: Walk, moment: datetime, fate: Fate, there: Places) -> Begun:
    draw = walk.chance
    kind = draw.choices(list(WEIGHT), weights=list(WEIGHT.values()))[0]
    subject = draw.choice(there[kind])
    category = draw.choice(ABOUT[kind])
    if category in URGENT and (fate.calm or draw.random() < 0.6):
        category = "estate.clutter"
    if fate.spreads:
        category, subject = SPREADS, draw.choice(_neighbours(there))
    words = draw.choice(texts.REPORTS[category]).format(place=subject.name)
    known = fate.spreads or draw.random() < 0.93  # of the others the desk must find out where it is
    door = draw.choices(("web", "sms", "phone", "visit", "letter"), weights=(5, 4, 3, 1, 1))[0]
    if door in ("visit", "letter") and (opened := walk.at_work(moment)) < walk.until:
        moment = opened  # nobody comes or opens the post at night
    phone = f"139{draw.randrange(10**8):08d}" if draw.random() < 0.85 else None
    got = walk.receive(
        moment,
        door=door,
        external_id=f"demo-{moment.isoformat()}-{draw.random()}",
        text=words,
        phone=phone,
        subject=subject.id if known else None,
        area=subject.area if known else None,
        place_open=not known,
        lat=subject.lat if known else None,
        lon=subject.lon if known else None,
        pictures=[walk.photo()] if door == "web" and draw.random() < 0.6 else [],
    )
    return Begun(got, category, moment, subject.area, subject.id)


def _neighbours(there: Places) -> list[SubjectInfo]:
    """The estates of the community that has most of them."""
    areas = Counter(estate.area for estate in there["estate"])
    [(area, _count)] = areas.most_common(1)
    return [estate for estate in there["estate"] if estate.area == area]


def _receive_sealed(walk: Walk, moment: datetime) -> Begun:
    got = walk.receive(
        moment,
        door="web",
        external_id=f"demo-sealed-{moment.isoformat()}",
        text=walk.chance.choice(texts.SEALED),
        code=codes.new_code(),
        confidential=True,
        accused=(walk.demo.story.community_office,),
        area=walk.demo.story.community,
    )
    return Begun(got, "conduct.style", moment, walk.demo.story.community)


def _wait(walk: Walk, begun: Begun, now: datetime) -> None:
    """Nobody has looked at it yet."""
    _tick_until(begun.got.case, now)


# ---- Finished cases ----


def _finish(walk: Walk, begun: Begun, now: datetime) -> None:
    case, draw = begun.got.case, walk.chance
    desk = draw.choice(("desk1", "desk2", "desk3"))
    at = walk.later(begun.at, 0.1, 4)
    _classify(walk, begun, desk, at)
    if begun.category == "enquiry.policy" and draw.random() < 0.7:
        _answer(walk, begun, desk, at)
        return
    at = _assign(walk, case, desk, at)
    at = _acknowledge(walk, case, at)
    if draw.random() < 0.08:
        at = _bounce(walk, case, at)
    if draw.random() < 0.08:
        at = _ask_for_time(walk, case, at)
    at = _claim_until_it_holds(walk, begun, at)
    at = _last_word(walk, begun, at, now)
    if draw.random() < 0.04:
        _dispute(walk, begun, at, now)


def _classify(walk: Walk, begun: Begun, desk: str, at: datetime) -> None:
    walk.do(
        desk,
        begun.got.case,
        "classify",
        at,
        category=begun.category,
        area=begun.area,
        subject=begun.subject,
        text=texts.summary(begun.category),
    )


def _answer(walk: Walk, begun: Begun, desk: str, at: datetime) -> None:
    if walk.chance.random() < 0.85:
        answer = walk.chance.choice(queries.answers(walk.demo.district, "answer"))
        state = walk.do(desk, begun.got.case, "answer", at, text=answer.text).state
    else:
        reason = walk.chance.choice(queries.answers(walk.demo.district, "decline"))
        state = walk.do(
            desk, begun.got.case, "decline", at, reason=reason.code, text=reason.text
        ).state
    if state.sampler is not None:
        who = walk.logins[state.sampler]
        walk.do(who, begun.got.case, "check_sample", walk.later(at, 2, 20), right=True)


def _assign(walk: Walk, case: int, desk: str, at: datetime) -> datetime:
    at = walk.later(at, 0.05, 0.5)
    walk.do(desk, case, "assign", at, owner=walk.duty(walk.state(case), at))
    return at


def _acknowledge(walk: Walk, case: int, at: datetime) -> datetime:
    at = walk.later(at, 0.2, 5)
    state = walk.state(case)
    who = walk.owner(state)
    walk.do(who, case, "acknowledge", at, person=walk.demo.people[who])
    if state.reporters and walk.chance.random() < 0.85:
        at = walk.later(at, 0.2, 6)
        walk.do(who, case, "contact", at, how=walk.chance.choice(("call", "visit")))
    return at


def _bounce(walk: Walk, case: int, at: datetime) -> datetime:
    """Returned once, given to another unit by a ruling."""
    state = walk.state(case)
    right = walk.demo.units["city"] if state.owner != walk.demo.units["city"] else (
        walk.demo.units["housing"]
    )  # fmt: skip
    try:
        walk.do(walk.owner(state), case, "return", at, right_unit=right, text=texts.WHY_RETURNED)
    except actions.Refused:
        return at  # the working day in which a return is possible was over
    at = walk.later(at, 0.5, 4)
    walk.do("desk1", case, "rule", at, owner=right, text="同意改由该单位办理。")
    return _acknowledge(walk, case, at)


def _ask_for_time(walk: Walk, case: int, at: datetime) -> datetime:
    state = walk.state(case)
    at = walk.later(at, 0.5, 3)
    if state.deadline is None or at >= state.deadline:
        return at
    walk.do(walk.owner(state), case, "ask_extension", at, days=3, text=texts.WHY_LONGER)
    at = walk.later(at, 0.5, 3)
    if at < state.deadline:
        granted = walk.chance.random() < 0.7
        walk.do(
            "desk2", case, "decide_extension", at, granted=granted, days=3,
            text="" if granted else "已给足办理时间。",
        )  # fmt: skip
    return at


def _claim(walk: Walk, case: int, category: str, at: datetime) -> datetime:
    """Claim at a time that mostly, not always, lies before the deadline."""
    state = walk.state(case)
    left = (state.deadline - at).total_seconds() / 3600 if state.deadline else 24.0
    at = (
        walk.later(at, max(left * 0.2, 0.2), max(left * 0.9, 1))
        if left > 0
        else walk.later(at, 2, 30)
    )
    walk.not_ahead(at)
    _tick_until(case, at)
    measure, words = texts.WORK[category]
    why = texts.SAME_SPOT if walk.chance.random() < SAME_SPOT else ""
    walk.do(
        walk.owner(state), case, "claim", at, explanation=why,
        outcome="fixed" if category not in ("enquiry.policy", "preschool.place") else "answered",
        measures=[measure], text=words, pictures=1,
    )  # fmt: skip
    return at


def _tick_until(case: int, at: datetime) -> None:
    """What the clock did by itself before this moment."""
    while True:
        line = queries.line(case)
        if line is None or line.state.next_at is None or line.state.next_at > at:
            return
        actions.tick(case=case, now=line.state.next_at)


def _verify(walk: Walk, begun: Begun, at: datetime, *, passed: bool) -> datetime:
    case = begun.got.case
    at = walk.later(at, 1, 9)
    walk.not_ahead(at)
    _tick_until(case, at)
    who = walk.verifier(walk.state(case))
    walk.do(who, case, "open", at)
    heard, said = _hear(walk, begun, who, at) if passed else ({}, "")
    at = walk.at_work(at + timedelta(minutes=25))
    words = walk.chance.choice(texts.CHECKED if passed else texts.FAILED) + said
    walk.do(who, case, "verify", at, passed=passed, text=words, pictures=1, **heard)
    return at


def _hear(walk: Walk, begun: Begun, who: str, at: datetime) -> tuple[dict[str, str], str]:
    """On the papers the verifier hears the reporter: how, and what goes into his words."""
    state, case = walk.state(begun.got.case), begun.got.case
    if state.tier is Tier.SITE or state.raised or not state.reporters:
        return {}, ""
    roll = walk.chance.random()
    if roll < 0.4:
        walk.do(who, case, "ask", at + timedelta(minutes=2), text=texts.ASK_REPORTER)
        answered, words = at + timedelta(minutes=14), walk.chance.choice(texts.ANSWERS)
        walk.say(begun.got.report, case, "reply", answered, text=words)
        return {"heard": "reply"}, ""
    if roll < 0.85:
        return {"heard": "call"}, texts.HEARD_ON_PHONE
    return {"heard": "unreached"}, texts.NOT_REACHED


def _claim_until_it_holds(walk: Walk, begun: Begun, at: datetime) -> datetime:
    case, draw = begun.got.case, walk.chance
    at = _claim(walk, case, begun.category, at)
    if draw.random() < 0.14:
        at = _verify(walk, begun, at, passed=False)
        at = _claim(walk, case, begun.category, at)
    at = _verify(walk, begun, at, passed=True)
    if walk.state(case).status is Status.VERDICT and draw.random() < 0.07:
        at = walk.later(at, 2, 30)
        words = draw.choice(texts.NOT_YET)
        walk.say(begun.got.report, case, "verdict", at, solved=False, satisfied=False, text=words)
        at = _claim(walk, case, begun.category, at)
        at = _verify(walk, begun, at, passed=True)
    return at


def _last_word(walk: Walk, begun: Begun, at: datetime, now: datetime) -> datetime:
    state = walk.state(begun.got.case)
    if state.status is not Status.VERDICT:
        return at
    said = at + timedelta(hours=walk.chance.uniform(1, 60))
    if walk.chance.random() < 0.68 and said < now:
        pleased = walk.chance.choices((True, False, None), weights=(8, 1, 2))[0]
        words = walk.chance.choice(texts.THANKS)
        data = {} if pleased is None else {"satisfied": pleased}
        walk.say(begun.got.report, begun.got.case, "verdict", said, solved=True, text=words, **data)
        return said
    _tick_until(begun.got.case, now)
    return walk.state(begun.got.case).closed_at or at


def _dispute(walk: Walk, begun: Begun, at: datetime, now: datetime) -> None:
    """Some weeks later it is back, and the reporter says so."""
    at += timedelta(days=walk.chance.uniform(2, 20))
    state = walk.state(begun.got.case)
    if state.status is not Status.CLOSED or not state.reporters:
        return
    words = walk.chance.choice(texts.NOT_YET)
    walk.say(begun.got.report, begun.got.case, "reopen", at, text=words)
    at = _claim_until_it_holds(walk, begun, at)
    _last_word(walk, begun, at, now)


# ---- Open cases ----


def _dispatch(walk: Walk, begun: Begun, now: datetime) -> None:
    """The desk has given it out; the unit may have taken it up."""
    _classify(walk, begun, "desk2", walk.later(begun.at, 0.1, 2))
    at = _assign(walk, begun.got.case, "desk2", walk.later(begun.at, 2, 3))
    if walk.chance.random() < 0.5:
        _acknowledge(walk, begun.got.case, at)
    _tick_until(begun.got.case, now)


def _leave_open(walk: Walk, begun: Begun, now: datetime) -> None:
    """Stop somewhere on the way; the clock does the rest until now."""
    case, at = begun.got.case, walk.later(begun.at, 0.1, 4)
    for step in _steps(walk, begun)[: walk.chance.randrange(0, 6)]:
        if at >= now:
            break
        _tick_until(case, at)
        at = step(at)
    _tick_until(case, now)


def _get_stuck(walk: Walk, begun: Begun, now: datetime) -> None:
    """Acknowledged long ago and not done: overdue, bounced to and fro, or put off by a leader."""
    case, at = begun.got.case, walk.later(begun.at, 0.1, 4)
    _classify(walk, begun, "desk1", at)
    at = _assign(walk, case, "desk1", at)
    at = _acknowledge(walk, case, at)
    fate = walk.chance.choice(("overdue", "overdue", "bounced", "deferred"))
    if fate == "bounced":
        at = _bounce(walk, case, at)
    _tick_until(case, now - timedelta(days=5))
    if fate == "deferred" and _overdue(walk, case, now):
        review = (now + timedelta(days=30)).isoformat()
        yesterday = walk.at_work(now - timedelta(days=4))
        walk.do("leader1", case, "defer", yesterday, review_at=review, text=texts.WHY_DEFERRED)
    _tick_until(case, now)


def _overdue(walk: Walk, case: int, now: datetime) -> bool:
    deadline = walk.state(case).deadline
    return deadline is not None and deadline < now - timedelta(days=6)


def _steps(walk: Walk, begun: Begun) -> list[Callable[[datetime], datetime]]:
    case = begun.got.case

    def classify(at: datetime) -> datetime:
        _classify(walk, begun, "desk1", at)
        return _assign(walk, case, "desk1", at)

    def claim(at: datetime) -> datetime:
        state = walk.state(case)
        if walk.chance.random() < 0.15:
            days, words = 4, texts.WHY_LONGER
            if state.deadline and at < state.deadline:
                walk.do(walk.owner(state), case, "ask_extension", at, days=days, text=words)
            return at
        return _claim(walk, case, begun.category, at)

    def verify(at: datetime) -> datetime:
        if walk.state(case).status is Status.CLAIMED:
            return _verify(walk, begun, at, passed=walk.chance.random() < 0.7)
        return at

    return [classify, lambda at: _acknowledge(walk, case, at), claim, verify]
