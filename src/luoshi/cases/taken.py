"""Whether a picture was taken where and when the case says, as far as the picture tells.

Its own time and place are read from the file as it came, held against the case, and forgotten:
only the conclusion is kept, in codes and rounded numbers. Anybody can write there what he likes,
and most messengers remove it: a conflict asks for an explanation and proves nothing, and a picture
that fits proves nothing either. What reporters send is not judged.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Q

from luoshi.cases.models import CaseEvent
from luoshi.cases.store import Held
from luoshi.infra.exif import Taken
from luoshi.registry import queries as registry
from luoshi.registry.facts import Outline
from luoshi.registry.outlines import Point, metres_between, metres_outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What is left of a picture's own time and place.

    time   none: it has none; fits; before: `hours` (rounded) before `since`; ahead: after now
    since  which moment it had to come after: assigned, sent_back, claimed or received
    place  none: it has none; fits; far: `metres` (rounded) from the place of the case;
           outside: so far outside of the district; unplaced: the case has no place to compare with
    """

    time: str = "none"
    since: str = ""
    hours: int = 0
    place: str = "none"
    metres: int = 0

    @property
    def doubtful(self) -> bool:
        return self.time in {"before", "ahead"} or self.place in {"far", "outside"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What the case says. `points` (latitude, longitude) are the places that it may mean."""

    now: datetime
    zone: tzinfo
    since: tuple[str, datetime] | None = None
    points: tuple[Point, ...] = ()
    outline: Outline | None = None


class Shot(Protocol):
    @property
    def taken(self) -> Taken: ...


def own_of(held: Held, command: str, ready: Sequence[Shot], *, now: datetime) -> list[Own]:
    """The conclusion for each picture. Three queries at most, none where no picture tells."""
    if not any(shot.taken != Taken() for shot in ready):
        return [Own() for _ in ready]
    placed = any(shot.taken.lat is not None for shot in ready)
    scene = Scene(
        now=now,
        zone=held.clock[1].tz,
        since=_since(held, command),
        points=_points(held) if placed else (),
        outline=registry.sketch(held.row.district_id) if placed else None,
    )
    return [conclude(shot.taken, scene) for shot in ready]


def conclude(taken: Taken, scene: Scene) -> Own:
    """Hold what the picture says against the case."""
    time, since, hours = _of_time(taken.at, scene)
    place, metres = _of_place(taken, scene)
    return Own(time=time, since=since, hours=hours, place=place, metres=metres)


def as_json(own: Own) -> dict[str, Any]:
    """Without what is empty."""
    return {key: value for key, value in asdict(own).items() if value}


def from_json(kept: dict[str, Any]) -> Own | None:
    """None for a picture that was never judged."""
    return Own(**kept) if kept else None


def _of_time(at: datetime | None, scene: Scene) -> tuple[str, str, int]:
    if at is None:
        return "none", "", 0
    moment = at if at.tzinfo else at.replace(tzinfo=scene.zone)
    slack = timedelta(minutes=settings.PICTURE_CLOCK_MINUTES)
    if moment > scene.now + slack:
        return "ahead", "", _hours(moment - scene.now)
    if scene.since and moment < scene.since[1] - slack:
        return "before", scene.since[0], _hours(scene.since[1] - moment)
    return "fits", "", 0


def _hours(apart: timedelta) -> int:
    """Whole hours up to two days, whole days above."""
    hours = max(round(apart / timedelta(hours=1)), 1)
    return hours if hours < 48 else round(hours / 24) * 24


def _of_place(taken: Taken, scene: Scene) -> tuple[str, int]:
    if taken.lat is None or taken.lon is None:
        return "none", 0
    here = (taken.lat, taken.lon)
    apart = min((metres_between(here, point) for point in scene.points), default=None)
    if apart is not None and apart <= settings.PICTURE_METRES:
        return "fits", 0
    beyond = metres_outside(scene.outline, *here)
    if beyond > settings.PICTURE_METRES:
        return "outside", rounded(beyond)
    return ("unplaced", 0) if apart is None else ("far", rounded(apart))


def rounded(metres: float) -> int:
    """To a hundred metres, above a kilometre to kilometres."""
    step = 100 if metres < 1000 else 1000
    return max(round(metres / step), 1) * step


def _points(held: Held) -> tuple[Point, ...]:
    """The place in the register, and the point that the reporter's device gave."""
    found = []
    if held.state.subject:
        subject = registry.subjects_by_id([held.state.subject]).get(held.state.subject)
        if subject and subject.lat is not None and subject.lon is not None:
            found.append((float(subject.lat), float(subject.lon)))
    if held.row.lat is not None and held.row.lon is not None:
        found.append((float(held.row.lat), float(held.row.lon)))
    return tuple(found)


def _since(held: Held, command: str) -> tuple[str, datetime] | None:
    """After which moment the picture must have been taken; None for a note, which may well show
    how it was."""
    state = held.state
    at = {
        "claim": ("assigned", state.assigned_at),
        "verify": ("claimed", state.claimed_at),
        "inspect": ("received", state.received_at),
    }
    since, moment = at.get(command, ("", None))
    if command == "claim" and (state.claims or state.reopened):
        back = _sent_back(held)
        if back and (moment is None or back > moment):
            return "sent_back", back
    return (since, moment) if moment else None


def _sent_back(held: Held) -> datetime | None:
    """When it was last found not to be done."""
    found = Q(kind="verified", data__passed=False) | Q(kind="verdict_given", data__solved=False)
    rows = CaseEvent.objects.filter(found | Q(kind="reopened"), case=held.row)
    at: datetime | None = rows.order_by("-seq").values_list("at", flat=True).first()
    return at
