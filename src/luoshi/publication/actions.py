"""The only writer of notices and bulletins.

Whoever acts holds the role `data` in the district that day. A version is made in one transaction:
the entry, its leaf, the row and the end of the draft stand or fall together, and a draft becomes
one version at most, whoever publishes it how often.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.infra import ids
from luoshi.publication.content import (
    LONGEST_REASON,
    Content,
    Examined,
    cleaned,
    examine,
    from_json,
    to_json,
)
from luoshi.publication.models import Draft, Entry, Publication
from luoshi.publication.problems import Problem
from luoshi.publication.store import NoSuchPublication, hold, write
from luoshi.publication.words import KIND
from luoshi.registry import queries as registry

__all__ = [
    "Conflict", "NoSuchPublication", "NotAllowed", "NotNow", "NumberRefused", "Published",
    "Refused", "correct", "create", "discard", "publish", "run_clock", "save", "schedule",
    "unschedule", "withdraw",
]  # fmt: skip

EDITORS = "data"
NUMBER = re.compile(r"[0-9A-Z](?:[0-9A-Z-]{0,28}[0-9A-Z])?")
CLOCK_LIMIT = 50


class NotAllowed(PermissionError):
    """Whoever asks does not hold the role."""


class NotNow(ValueError):
    """Not possible in this state; says why in a sentence."""


class NumberRefused(ValueError):
    """Taken, or not a number that an address can hold; says which."""


class Conflict(RuntimeError):
    """Somebody else saved meanwhile; `rev` and `content` are his."""

    def __init__(self, rev: int, content: Content, person: int, at: datetime) -> None:
        super().__init__("changed meanwhile")
        self.rev, self.content, self.person, self.at = rev, content, person, at


class Refused(ValueError):
    """What has to be put right first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem.what) for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """`already`: this draft had been published before; nothing was done."""

    version: int
    already: bool = False


# ---- Drafts ----


@transaction.atomic
def create(
    *, district: int, kind: str, unit: int, person: int, now: datetime, number: str = ""
) -> int:
    """An empty draft; its id. Without a number the next of the year is taken. Raises NotAllowed,
    NumberRefused, and ValueError for an unknown kind or a unit of another district."""
    _check(person, district, now)
    if kind not in KIND or registry.unit(unit).district != district:
        raise ValueError("no such kind or unit")
    number = number.strip().upper() or _next_number(district, now)
    if not NUMBER.fullmatch(number):
        raise NumberRefused(
            _("A number has at most 30 letters A-Z, digits and hyphens, for example 2026-015.")
        )
    row = Publication(
        id=ids.new_id(now=now),
        district_id=district,
        number=number,
        kind=kind,
        unit=unit,
        changed_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise NumberRefused(
            _("The number %(number)s is taken: choose another.") % {"number": number}
        ) from error
    _new_draft(row, Content(title="", unit=unit), person, now)
    return row.pk


def _next_number(district: int, now: datetime) -> str:
    year = timezone.localtime(now).year
    taken = Publication.objects.filter(district_id=district, number__startswith=f"{year}-")
    numbers = [int(n[5:]) for n in taken.values_list("number", flat=True) if n[5:].isdecimal()]
    return f"{year}-{max(numbers, default=0) + 1:03d}"


def _new_draft(row: Publication, content: Content, person: int, now: datetime) -> Draft:
    return Draft.objects.create(
        id=ids.new_id(now=now), publication=row, content=to_json(content), person=person, at=now
    )


@transaction.atomic
def save(
    *, district: int, publication: int, rev: int, content: Content, person: int, now: datetime
) -> int:
    """Keep the draft as typed, mistakes included; its new `rev`. A scheduled one is taken off the
    schedule, since what was checked is no longer what it says. Raises Conflict, NotAllowed."""
    row, draft = _opened(district, publication, person, now)
    content = cleaned(content)
    kept = from_json(draft.content)
    if content == kept:
        return draft.rev
    _same(draft, rev)
    if content.unit and registry.unit(content.unit).district != district:
        raise ValueError("a unit of another district")
    draft.content, draft.rev = to_json(content), draft.rev + 1
    draft.person, draft.at, draft.publish_at, draft.failed = person, now, None, ""
    draft.save()
    if not row.version:
        row.title, row.title_en, row.unit = content.title, content.title_en, content.unit
        row.status, row.changed_at = "draft", now
    _set_clock(row, draft)
    return draft.rev


@transaction.atomic
def correct(*, district: int, publication: int, person: int, now: datetime) -> None:
    """Begin the correction of what is published; the one that was begun goes on. Raises NotNow."""
    _check(person, district, now)
    row, draft = hold(district, publication)
    if row.status not in ("published", "over"):
        raise NotNow(_("Only what is published can be corrected."))
    if draft is None:
        content = replace(_current(row), reason="", reason_en="")
        _new_draft(row, content, person, now)


@transaction.atomic
def discard(*, district: int, publication: int, rev: int, person: int, now: datetime) -> None:
    """Throw a draft away. One that was never published goes with its number. Raises Conflict."""
    row, draft = _opened(district, publication, person, now)
    _same(draft, rev)
    draft.delete()
    if not row.version:
        row.delete()
        return
    _set_clock(row, None)


# ---- Making public ----


@transaction.atomic
def publish(
    *, district: int, publication: int, draft: int, rev: int, person: int, now: datetime
) -> Published:
    """The draft becomes the next version. Twice is once. Raises Refused, Conflict, NotNow."""
    _check(person, district, now)
    row, held = hold(district, publication)
    done = Entry.objects.filter(draft=draft, publication=row).first()
    if done:
        return Published(version=done.version, already=True)
    if held is None or held.pk != draft:
        raise NotNow(_("There is no such draft any more."))
    _same(held, rev)
    return _publish(row, held, person, now)


def _publish(row: Publication, draft: Draft, person: int, now: datetime) -> Published:
    content = from_json(draft.content)
    examined = _sound(row, content, now, begins=now)
    first = not row.version
    entry = write(
        row,
        "published" if first else "corrected",
        now=now,
        person=person,
        draft=draft.pk,
        reason=content.reason,
        reason_en=content.reason_en,
        content=_frozen(content, examined),
    )
    row.status, row.unit, row.expires_at = "published", content.unit, content.end
    row.title, row.title_en = examined.titles["zh-hans"], examined.titles["en"]
    row.changed_at = now
    if first:
        row.published_at, row.listed = now, entry.pk
    draft.delete()
    _set_clock(row, None)
    return Published(version=row.version)


def _frozen(content: Content, examined: Examined) -> dict[str, Any]:
    return {
        "given": to_json(content),
        "titles": dict(examined.titles),
        "tables": [
            {
                "title": table.title,
                "head": list(table.head),
                "rows": [list(row) for row in table.rows],
                "counted": table.counted,
                "sum": table.sum,
                "totalled": table.totalled,
                "source": table.source,
            }
            for table in examined.tables
        ],
        "figures": dict(examined.figures),
    }


@transaction.atomic
def schedule(
    *,
    district: int,
    publication: int,
    rev: int,
    publish_at: datetime,
    person: int,
    now: datetime,
) -> None:
    """The clock publishes the draft then, with the figures of then. It is checked now, and again
    at that time. Raises Refused, Conflict, NotNow."""
    row, draft = _opened(district, publication, person, now)
    _same(draft, rev)
    if publish_at <= now:
        raise Refused([Problem(field="publish_at", what=_("This time is over: choose a later."))])
    content = from_json(draft.content)
    _sound(row, content, now, begins=publish_at)
    draft.publish_at, draft.person, draft.failed = publish_at, person, ""
    draft.save()
    if not row.version:
        row.status = "scheduled"
    _set_clock(row, draft)


@transaction.atomic
def unschedule(*, district: int, publication: int, person: int, now: datetime) -> None:
    """Back to a plain draft; nothing when it is one."""
    row, draft = _opened(district, publication, person, now)
    _off_schedule(row, draft)


def _off_schedule(row: Publication, draft: Draft, failed: str = "") -> None:
    draft.publish_at, draft.failed = None, failed
    draft.save()
    if not row.version:
        row.status = "draft"
    _set_clock(row, draft)


@transaction.atomic
def withdraw(
    *,
    district: int,
    publication: int,
    reason: str,
    person: int,
    now: datetime,
    reason_en: str = "",
) -> None:
    """The page stays at its address and says so. For good: what is right is published anew. Twice
    is once. Raises Refused without a reason, NotNow for what is not public."""
    _check(person, district, now)
    row, draft = hold(district, publication)
    if row.status == "withdrawn":
        return
    if not row.version:
        raise NotNow(_("It is not published: a draft is thrown away."))
    wrong = _reason(reason, reason_en, needed=True)
    if wrong:
        raise Refused(wrong)
    write(row, "withdrawn", now=now, person=person, reason=reason.strip(), reason_en=reason_en)
    row.status, row.changed_at = "withdrawn", now
    if draft:
        draft.delete()
    _set_clock(row, None)


# ---- The clock ----


def run_clock(*, now: datetime) -> int:
    """A step of the worker: publishes and ends what is due, each in a transaction of its own, so
    that a worker that dies in between has done some wholly and the rest not at all."""
    rows = Publication.objects.filter(next_at__lte=now).order_by("next_at", "pk")
    due = list(rows.values_list("district_id", "pk")[:CLOCK_LIMIT])
    return sum(_tick(district, publication, now) for district, publication in due)


@transaction.atomic
def _tick(district: int, publication: int, now: datetime) -> int:
    row, draft = hold(district, publication)
    if row.next_at is None or row.next_at > now:  # another worker was here
        return 0
    if row.status == "published" and row.expires_at and row.expires_at <= now:
        write(row, "over", now=now, person=None)
        row.status, row.changed_at = "over", now
    if draft and draft.publish_at and draft.publish_at <= now:
        _publish_on_time(row, draft, now)
    else:
        _set_clock(row, draft)
    return 1


def _publish_on_time(row: Publication, draft: Draft, now: datetime) -> None:
    """Whoever scheduled it answers for it. What does not hold any more waits for a person."""
    try:
        _check(draft.person, row.district_id, now)
        _publish(row, draft, draft.person, now)
    except Refused as error:
        _off_schedule(row, draft, failed=str(error)[:2000])
    except NotAllowed:
        failed = _("Whoever scheduled it no longer holds the role: somebody else publishes it.")
        _off_schedule(row, draft, failed=failed)


# ---- What all have in common ----


def _check(person: int, district: int, now: datetime) -> None:
    held = registry.roles_of(person, on=timezone.localdate(now))
    if not any(role.role == EDITORS and role.district == district for role in held):
        raise NotAllowed(person)


def _opened(
    district: int, publication: int, person: int, now: datetime
) -> tuple[Publication, Draft]:
    _check(person, district, now)
    row, draft = hold(district, publication)
    if draft is None:
        raise NotNow(_("There is no draft: begin a correction first."))
    return row, draft


def _same(draft: Draft, rev: int) -> None:
    if draft.rev != rev:
        raise Conflict(draft.rev, from_json(draft.content), draft.person, draft.at)


def _current(row: Publication) -> Content:
    last = Entry.objects.filter(publication=row, content__isnull=False).order_by("-seq").first()
    if last is None or last.content is None:
        raise NoSuchPublication(row.pk)
    return from_json(last.content["given"])


def _sound(row: Publication, content: Content, now: datetime, *, begins: datetime) -> Examined:
    """Raises Refused when anything has to be put right."""
    examined = examine(content, kind=row.kind, district=row.district_id, now=now)
    problems = [*examined.problems]
    if not content.unit:
        problems.append(Problem(field="unit", what=_("Choose the unit that answers for it.")))
    if content.end and content.end <= begins:
        what = _("It would be over before it begins: choose a later end.")
        problems.append(Problem(field="expires_at", what=what))
    if row.version:
        problems += _reason(content.reason, content.reason_en, needed=True)
        if replace(content, reason="", reason_en="") == replace(
            _current(row), reason="", reason_en=""
        ):
            problems.append(Problem(what=_("Nothing was changed: there is nothing to correct.")))
    if problems:
        raise Refused(problems)
    return examined


def _reason(reason: str, reason_en: str, *, needed: bool) -> list[Problem]:
    if needed and not reason.strip():
        return [Problem(field="reason", what=_("Say why, so that readers can follow it."))]
    if max(len(reason), len(reason_en)) > LONGEST_REASON:
        return [
            Problem(field="reason", what=_("At most %(n)s characters.") % {"n": LONGEST_REASON})
        ]
    return []


def _set_clock(row: Publication, draft: Draft | None) -> None:
    """Saves the row, with the next time at which the clock has something to do."""
    times = [draft.publish_at] if draft and draft.publish_at else []
    if row.status == "published" and row.expires_at:
        times.append(row.expires_at)
    row.next_at = min(times, default=None)
    row.save()
