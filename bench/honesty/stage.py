"""A small district on which one script is played, a step at a time, by the actions people use.

A step is a mapping of one key. `who command: data` gives a command (`reporter` speaks by his
report, `verifier` is whoever was drawn); the other keys are in `OTHERS`. In data, `@name` is the id
of a unit or a person, `pictures` are specs of `shots.shot` or the name of a picture that was made
before, and `review` is in so many days.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from bench.honesty import shots
from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Child, Command, OldRecord, Received
from luoshi.registry import actions as registry
from tests.cast import Cast

SINCE = date(2020, 1, 1)
HOME = (32.0300, 120.8800)
"""Where the estate of the scripts lies; invented, as everything on this stage."""
OUTLINE = {
    "type": "Polygon",
    "coordinates": [[[120.75, 31.95], [121.0, 31.95], [121.0, 32.12], [120.75, 32.12]]],
}
METRES = 111_320
Data = dict[str, Any]
_numbers = count(1)


@dataclass
class Stage:
    """One district, one case at a time in `case`; `verifier` is told what `told` reads."""

    cast: Cast
    place: int
    now: datetime
    case: int = 0
    report: int = 0
    cases: dict[str, Received] = field(default_factory=dict)
    made: dict[str, bytes] = field(default_factory=dict)

    def play(self, steps: Sequence[Mapping[str, Any]]) -> None:
        """Raises what the actions raise; `step` is then the one that was refused."""
        for self.step, step in enumerate(steps, 1):
            ((key, data),) = step.items()
            self.now += timedelta(minutes=20)
            if key in OTHERS:
                OTHERS[key](self, data)
            else:
                who, command = key.rsplit(" ", 1)
                self.give(who, command, dict(data or {}))

    # ---- Commands ----

    def give(self, who: str, command: str, data: Data) -> None:
        case = self.cases[data.pop("on")].case if "on" in data else self.case
        given = {key: self._value(value) for key, value in data.items()}
        if "review" in given:
            given["review_at"] = (self.now + timedelta(days=given.pop("review"))).isoformat()
        text, explanation = str(given.pop("text", "")), str(given.pop("explanation", ""))
        pictures = [self.picture(one) for one in given.pop("pictures", ())]
        actions.act(
            case=case,
            command=Command(command, given),
            actor=self.actor(who),
            now=self.now,
            text=text,
            pictures=pictures,
            explanation=explanation,
        )

    def actor(self, who: str) -> Actor:
        if who.startswith("reporter"):
            return Actor(report=self.cases[who[9:]].report if who[9:] else self.report)
        if who == "verifier":
            return Actor(person=self.page().line.state.verifier)
        return self.cast.actor(who)

    def _value(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("@"):
            name = value[1:]
            return self.cast.units.get(name) or self.cast.people[name]
        return value

    # ---- Pictures ----

    def picture(self, spec: str | Data) -> bytes:
        """By the name of one made before, or by what is to be seen on it."""
        if isinstance(spec, str):
            return shots.as_png(self.made[spec[4:]]) if spec[:4] == "png " else self.made[spec]
        given = dict(spec)
        given.setdefault("of", f"place {next(_numbers)}")
        if "days" in given or "minutes" in given:
            ago = timedelta(days=given.pop("days", 0), minutes=given.pop("minutes", 0))
            given["taken"] = self.now + ago
        if "metres" in given:
            given["at"] = (HOME[0] + given.pop("metres") / METRES, HOME[1])
        name = given.pop("name", "")
        data = shots.shot(**given)
        self.made[name or "last"] = data
        return data

    # ---- What else happens ----

    def reported(self, data: Data) -> None:
        """A report of `category`; `owner` gets it and acknowledges it, unless `until` stops it."""
        given = dict(data or {})
        name, owner = given.pop("name", ""), given.pop("owner", "community")
        until, category = given.pop("until", "handling"), given.pop("category", "estate.clutter")
        pictures = [self.picture(one) for one in given.pop("pictures", ())]
        given["accused"] = tuple(self.cast.units[unit] for unit in given.pop("accused", ()))
        given.setdefault("text", "楼道口堆满杂物")
        got = self.cast.report(self.now, subject=self.place, pictures=pictures, **given)
        self.cases[name] = got
        self.case, self.report = got.case, got.report
        if until == "new":
            return
        self.give("desk1", "classify", {"category": category})
        if until == "classified":
            return
        self.give("desk1", "assign", {"owner": f"@{owner}"})
        if until == "handling":
            self.now += timedelta(minutes=30)
            self.give(f"{owner}1", "acknowledge", {})

    def waited(self, days: float) -> None:
        """Time passes and the clock does what is due, day by day."""
        end = self.now + timedelta(days=days)
        while self.now < end:
            self.now = min(self.now + timedelta(days=1), end)
            while actions.tick_due(self.now):
                pass

    def absent(self, names: Sequence[str]) -> None:
        for name in names:
            registry.set_absence(person=self.cast.people[name], until=date(2030, 1, 1))

    def role(self, data: Data) -> None:
        registry.grant_role(
            person=self.cast.people[data["person"]], unit=self.cast.units[data["unit"]],
            role=data["role"], valid_from=SINCE,
        )  # fmt: skip

    def split(self, owners: Sequence[str]) -> None:
        parts = [
            Child(category="estate.clutter", owner=self.cast.units[o], summary="一部分")
            for o in owners
        ]
        desk = self.cast.actor("desk1")
        born = actions.split(case=self.case, children=parts, actor=desk, now=self.now)[1:]
        for owner, done in zip(owners, born, strict=True):
            self.cases[owner] = replace(self.cases[""], case=done.case)

    def merge(self, data: Data) -> None:
        who = self.cast.actor(data.get("who", "desk1"))
        actions.merge(
            case=self.cases[data["case"]].case, target=self.cases[data["into"]].case,
            actor=who, now=self.now, text="同一问题",
        )  # fmt: skip

    def turn_to(self, name: str) -> None:
        """The next steps are about another of the cases."""
        self.case, self.report = self.cases[name].case, self.cases[name].report

    def old(self, who: str) -> None:
        record = OldRecord(
            district=self.cast.district, ledger="2019", line=f"{next(_numbers)}", text="旧账",
            happened_at=self.now - timedelta(days=200),
        )  # fmt: skip
        self.case = actions.record_old(record=record, by=self.cast.actor(who), now=self.now)

    # ---- What the verifier reads ----

    def page(self, person: int = 0) -> queries.CasePage:
        who = person or self.cast.people["inspector1"]
        page = queries.case_page(case=self.case, person=who, now=self.now)
        assert page is not None
        return page


OTHERS: Mapping[str, Callable[[Stage, Any], None]] = {
    "reported": Stage.reported,
    "days": Stage.waited,
    "absent": Stage.absent,
    "role": Stage.role,
    "split": Stage.split,
    "merge": Stage.merge,
    "turn to": Stage.turn_to,
    "old record": Stage.old,
    "made": lambda stage, spec: stage.made.update({spec["name"]: stage.picture(spec)}),
}


def build(cast: Cast, now: datetime) -> Stage:
    """The estate of the scripts beside what the district has already."""
    from luoshi.registry.models import District

    District.objects.filter(pk=cast.district).update(outline=OUTLINE)
    place = registry.create_subject(
        district=cast.district, kind="estate", name="示范二村", area=cast.community_area,
        lat=HOME[0], lon=HOME[1],
    )  # fmt: skip
    return Stage(cast=cast, place=place, now=now)
