"""Random walks through the loop: people, reporters and the clock do whatever they may, or try to.

Every choice hangs on the seed alone, so that a walk that finds something can be walked again.
"""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from luoshi.cases import actions
from luoshi.cases.actions import Actor, Child, Command, NewReport, OldRecord, Refused
from luoshi.cases.models import Case, Report
from luoshi.cases.rows import to_state
from luoshi.registry import queries as registry
from luoshi.rules import permissions
from luoshi.rules.case import TABLE
from luoshi.rules.state import Seat, State
from luoshi.trust import codes
from tests.cast import CATEGORIES, Cast, photo

OWNERS = ("street", "community", "garden", "police", "property")
BY_THEMSELVES = {"receive", "join", "import", "spawn", "absorb", "release", "draw", "draw_sample"}
SEVERAL_CASES = {"merge", "unmerge", "split"}
ONWARD = {"assign": 3, "acknowledge": 4, "claim": 12, "open": 5, "verify": 12, "rule": 3}
"""Left to chance alone a walk turns round at the beginning and seldom comes to a verification."""
REPORTER = ("verdict", "verdict", "verdict", "reply", "deny", "reopen")


class Walk:
    """A district, some cases in it, and somebody who does the next thing."""

    def __init__(self, cast: Cast, *, seed: int, start: datetime) -> None:
        self.cast, self.now = cast, start
        self.random = random.Random(seed)
        self.people = sorted(cast.people.values())
        self.units = [cast.units[name] for name in OWNERS]
        self.roster = registry.roster(cast.district, on=start.date())
        self.tree = registry.units(cast.district)
        self.case: int | None = None  # with which people are busy just now
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def steps(self, count: int) -> None:
        for _ in range(count):
            self.step()

    def step(self) -> None:
        """One thing that somebody does, a little or much later than the one before."""
        # The odd second keeps any two things apart, so that times order what happened.
        self.now += timedelta(hours=self.random.choice((0, 0, 0, 1, 3, 8, 24)), seconds=61)
        kind, doing = self._choice()
        try:
            doing()
        except Refused as refused:
            self.refused[refused.code] += 1
        else:
            self.done[kind] += 1

    def _choice(self) -> tuple[str, Callable[[], Any]]:
        open_cases = list(Case.objects.exclude(status="closed").order_by("pk"))
        roll = self.random.random()
        if len(open_cases) < 3 or roll < 0.04:
            return "report", self._report
        if roll < 0.06:
            return "old", self._old_record
        if roll < 0.12:
            return "clock", lambda: actions.tick_due(self.now)
        if roll < 0.28:
            return self._reporter()
        if roll > 0.8 or self.case is None:
            # Else they would all move a little and none would come to its end.
            every = open_cases if roll < 0.95 else list(Case.objects.order_by("pk"))
            self.case = self.random.choice(every).pk
        return self._person(Case.objects.get(pk=self.case))

    # ---- Reporters ----

    def _report(self) -> None:
        confidential = self.random.random() < 0.1
        actions.receive(
            report=NewReport(
                district=self.cast.district,
                door="sms",
                external_id=str(self.random.random()),
                text="绿地被种菜",
                phone=self.random.choice(("13800138000", "13900139000", None)),
                code=codes.new_code() if self.random.random() < 0.2 else None,
                confidential=confidential,
                minor=self.random.random() < 0.1,
                category=self.random.choice(("", *CATEGORIES)),
                area=self.cast.community_area,
                subject=self.random.choice((self.cast.estate, None)),
                danger=self.random.random() < 0.05,
                accused=(self.cast.units["community"],) if self.random.random() < 0.1 else (),
            ),
            now=self.now,
        )

    def _old_record(self) -> None:
        record = OldRecord(
            district=self.cast.district,
            ledger="old",
            line=str(self.random.random()),
            text="脏",
            happened_at=self.now - timedelta(days=20),
            category=self.random.choice(sorted(CATEGORIES)),
            subject=self.cast.estate,
        )
        actions.record_old(record=record, by=self.cast.actor("desk1"), now=self.now)

    def _reporter(self) -> tuple[str, Callable[[], Any]]:
        waiting = Case.objects.filter(status="verdict")
        asked = Report.objects.filter(Q(case__in=waiting) | Q(case__merged_into__in=waiting))
        every = Report.objects.all() if self.random.random() < 0.3 else asked
        reports = list(every.order_by("pk"))
        if not reports:
            return "clock", lambda: actions.tick_due(self.now)
        report = self.random.choice(reports)
        kind = self.random.choice(REPORTER)
        data: dict[str, Any] = {}
        if kind == "verdict":
            data = {"solved": self.random.random() < 0.6, "satisfied": self.random.random() < 0.6}
        return f"reporter {kind}", lambda: actions.act(
            case=report.case_id,
            command=Command(kind, data),
            actor=Actor(report=report.pk),
            now=self.now,
            text=self._words(),
        )

    # ---- People ----

    def _person(self, row: Case) -> tuple[str, Callable[[], Any]]:
        state = to_state(row)
        could = [
            (kind, person)
            for person in self.people
            for kind in self._open_to(state, person)
        ]  # fmt: skip
        if not could or self.random.random() < 0.1:
            kind = self.random.choice(sorted(TABLE.keys() - BY_THEMSELVES))
            return kind, self._deed(row, state, kind, self.random.choice(self.people))
        # First what, then who: else the many who may do one thing drown the others out.
        kinds = sorted({kind for kind, _ in could})
        kind = self.random.choices(kinds, [ONWARD.get(kind, 1) for kind in kinds])[0]
        person = self.random.choice([person for what, person in could if what == kind])
        return kind, self._deed(row, state, kind, person)

    def _open_to(self, state: State, person: int) -> list[str]:
        seats: frozenset[Seat] = permissions.seats(
            person=person, state=state, roster=self.roster, units=self.tree
        )
        return [
            kind
            for kind, line in TABLE.items()
            if kind not in BY_THEMSELVES and state.status in line.frm and line.by & seats
            if kind != "verify" or state.opened
            if kind != "lift_accusation" or state.accused
        ]

    def _deed(self, row: Case, state: State, kind: str, person: int) -> Callable[[], Any]:
        actor = Actor(person=person)
        if kind == "merge":
            targets = list(Case.objects.exclude(status="closed").order_by("pk"))
            target = self.random.choice(targets).pk
            return lambda: actions.merge(case=row.pk, target=target, actor=actor, now=self.now)
        if kind == "unmerge":
            return lambda: actions.unmerge(case=row.pk, actor=actor, now=self.now)
        if kind == "split":
            parts = [self._part() for _ in range(self.random.choice((1, 2, 2, 3)))]
            return lambda: actions.split(case=row.pk, children=parts, actor=actor, now=self.now)
        text, pictures, data = self._given(kind, state)
        return lambda: actions.act(
            case=row.pk,
            command=Command(kind, data),
            actor=actor,
            now=self.now,
            text=text,
            pictures=pictures,
        )

    def _part(self) -> Child:
        category = self.random.choice(sorted(CATEGORIES))
        return Child(category=category, owner=self.random.choice(self.units), summary="分办")

    def _given(self, kind: str, state: State) -> tuple[str, list[bytes], dict[str, Any]]:
        """The words, pictures and data of a command: mostly good ones."""
        draw = self.random
        yes = draw.random() < 0.75
        picture = [photo(seed=draw.getrandbits(60))] if draw.random() < 0.8 else []
        owner = draw.choice(self.units)
        data: dict[str, dict[str, Any]] = {
            "classify": {"category": draw.choice(sorted(CATEGORIES))},
            "decline": {"reason": "elsewhere"},
            "check_sample": {"right": yes},
            "assign": {"owner": owner},
            "transfer": {"owner": owner},
            "rule": {"owner": owner},
            "hand_over": {"person": draw.choice(self.people)},
            "return": {"right_unit": owner},
            "contact": {"how": "call"},
            "ask_extension": {"days": 3},
            "decide_extension": {"granted": yes, "days": 3},
            "claim": {
                "outcome": draw.choice(("fixed", "fixed", "answered", "unfounded")),
                "measures": ["notice"] if draw.random() < 0.1 else ["cleared"],
            },
            "verify": {"passed": yes, "heard": draw.choice(("call", "unreached", "reply"))},
            "defer": {"review_at": (self.now + timedelta(days=5)).isoformat()},
            "lift_accusation": {"unit": min(state.accused, default=owner)},
        }
        shown = picture if kind in {"claim", "verify", "inspect", "note"} else []
        return self._words(), shown, data.get(kind, {})

    def _words(self) -> str:
        return "说明" if self.random.random() < 0.9 else ""
