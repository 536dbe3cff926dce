"""Walking cases through the loop at moments of one's choice, by the actions that people use."""

import random
from datetime import datetime, time, timedelta
from io import BytesIO

from PIL import Image, ImageDraw, ImageEnhance

from demo.district import Demo
from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Command, Done, NewReport, Received
from luoshi.registry import queries as registry
from luoshi.rules.deadlines import Calendar, is_working
from luoshi.rules.state import State

OPENS, CLOSES = time(8, 30), time(17, 30)


class NotYet(Exception):
    """The step would lie in the future: the case stays where it is today."""


class Walk:
    """The demo district with a clock of its own and a source of repeatable chance."""

    def __init__(self, demo: Demo, *, calendar: Calendar, until: datetime, seed: int) -> None:
        self.demo = demo
        self.until = until
        self.calendar = calendar
        self.chance = random.Random(seed)
        self.logins = {person: login for login, person in demo.people.items()}
        self.taken = b""  # the last picture

    # ---- Time ----

    def at_work(self, moment: datetime) -> datetime:
        """The moment itself in office hours, else the next opening."""
        local = moment.astimezone(self.calendar.tz)
        while not is_working(self.calendar, local.date()) or local.time() >= CLOSES:
            tomorrow = local.date() + timedelta(days=1)
            local = datetime.combine(tomorrow, OPENS, self.calendar.tz)
        if local.time() < OPENS:
            local = datetime.combine(local.date(), OPENS, self.calendar.tz)
        return local + timedelta(seconds=self.chance.randrange(1, 600))

    def later(self, moment: datetime, least: float, most: float) -> datetime:
        """A moment in office hours, `least` to `most` hours on."""
        return self.at_work(moment + timedelta(hours=self.chance.uniform(least, most)))

    def not_ahead(self, moment: datetime) -> None:
        if moment > self.until:
            raise NotYet

    # ---- Commands ----

    def receive(self, now: datetime, **given: object) -> Received:
        report = NewReport(district=self.demo.district, **given)  # type: ignore[arg-type]
        return actions.receive(report=report, now=now)

    def do(
        self,
        who: str,
        case: int,
        kind: str,
        now: datetime,
        *,
        text: str = "",
        pictures: int = 0,
        explanation: str = "",
        **data: object,
    ) -> Done:
        """One command of the person with this login; so many new pictures of the place. With an
        explanation the first of them looks like the one that was taken last."""
        self.not_ahead(now)
        shown = [self.again()] if explanation else []
        return actions.act(
            case=case,
            command=Command(kind, data),
            actor=Actor(person=self.demo.people[who]),
            now=now,
            text=text,
            pictures=[*shown, *(self.photo() for _ in range(pictures - len(shown)))],
            explanation=explanation,
        )

    def say(self, report: int, case: int, kind: str, now: datetime, **data: object) -> Done:
        """One command of a reporter."""
        self.not_ahead(now)
        text = str(data.pop("text", ""))
        return actions.act(
            case=case, command=Command(kind, data), actor=Actor(report=report), now=now, text=text
        )

    def handler(self, unit: int) -> str:
        """The login of whoever handles cases in a unit."""
        return self.logins[self.demo.handlers[unit]]

    def called(self, login: str) -> str:
        """The name of a person with his login, as the story prints it."""
        people = registry.people([self.demo.people[login]])
        return f"{people[self.demo.people[login]].name} ({login})"

    def owner(self, state: State) -> str:
        assert state.owner is not None
        return self.handler(state.owner)

    def verifier(self, state: State) -> str:
        assert state.verifier is not None
        return self.logins[state.verifier]

    def duty(self, state: State, now: datetime) -> int:
        """The unit that answers for a case by its duties, else the street of its area."""
        found = registry.duty_for(
            self.demo.district,
            subject=state.subject,
            area=state.area,
            category=state.category,
            on=now.date(),
        )
        return found[0] if found else self.demo.units["city"]

    def state(self, case: int) -> State:
        line = queries.line(case)
        assert line is not None
        return line.state

    # ---- Pictures ----

    def photo(self) -> bytes:
        """A small drawn picture unlike any other: the demo has no photographs of real places."""
        draw = self.chance
        image = Image.new("RGB", (320, 240), (200 + draw.randrange(40), 220, 235))
        pen = ImageDraw.Draw(image)
        ground = draw.randrange(130, 170)
        green = (90 + draw.randrange(60), 140 + draw.randrange(60), 90)
        pen.rectangle((0, ground, 320, 240), fill=green)
        for _ in range(draw.randrange(3, 6)):
            left, width = draw.randrange(0, 280), draw.randrange(30, 70)
            top = draw.randrange(20, ground - 30)
            shade = draw.randrange(150, 215)
            pen.rectangle((left, top, left + width, ground), fill=(shade, shade - 10, shade - 25))
            for row in range(top + 6, ground - 10, 16):
                for column in range(left + 5, left + width - 8, 14):
                    pen.rectangle((column, row, column + 6, row + 8), fill=(90, 110, 130))
        for _ in range(draw.randrange(2, 9)):
            x, y = draw.randrange(0, 300), draw.randrange(ground, 225)
            hue = (draw.randrange(60, 200), draw.randrange(60, 160), draw.randrange(40, 120))
            pen.ellipse((x, y, x + draw.randrange(8, 30), y + draw.randrange(6, 16)), fill=hue)
        self.taken = _saved(self.weather(image))
        return self.taken

    def weather(self, image: Image.Image) -> Image.Image:
        """Light and shade over it: flat drawings look more alike than two real places do."""
        patches = Image.frombytes("L", (11, 9), self.chance.randbytes(11 * 9))
        shade = patches.resize(image.size, Image.Resampling.BICUBIC).convert("RGB")
        return Image.blend(image, shade, 0.2)

    def again(self) -> bytes:
        """The last picture once more, somewhat lighter, as if from the same spot."""
        with Image.open(BytesIO(self.taken or self.photo())) as last:
            self.taken = _saved(ImageEnhance.Brightness(last).enhance(1.05))
        return self.taken


def _saved(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
