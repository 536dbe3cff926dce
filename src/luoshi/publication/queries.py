"""What is asked about notices. Values come out, never rows; each function says its queries."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Q

from luoshi.publication.content import Content, from_json
from luoshi.publication.models import Draft, Entry, Publication
from luoshi.publication.tables import Table
from luoshi.publication.words import PUBLIC

PAGE = 20
FEED = 30
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A publication as lists show it."""

    id: int
    number: str
    kind: str
    status: str
    unit: int
    title: str
    title_en: str
    version: int
    published_at: datetime | None
    changed_at: datetime
    expires_at: datetime | None
    publish_at: datetime | None = None
    failed: str = ""
    editing: bool = False

    def label(self, language: str) -> str:
        return self.title_en if language.startswith("en") and self.title_en else self.title

    def language(self, language: str) -> str:
        """Of the label: what no English is there for stays Chinese."""
        return "en" if language.startswith("en") and self.title_en else "zh-hans"


@dataclass(frozen=True, slots=True)
class Page:
    """`next`: the `after` of the following page, or None."""

    lines: tuple[Line, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An entry without its content."""

    seq: int
    kind: str
    version: int
    at: datetime
    person: int | None
    reason: str
    reason_en: str

    def why(self, language: str) -> str:
        return self.reason_en if language.startswith("en") and self.reason_en else self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One version as it is read. `frozen`: titles, tables, figures, as in the entry."""

    line: Line
    version: Step
    content: Content
    frozen: Mapping[str, Any]
    steps: tuple[Step, ...]
    previous: Content | None = None

    @property
    def is_last(self) -> bool:
        return self.version.version == self.line.version


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """For its editors: the line, what happened, and the draft with its id and `rev`."""

    line: Line
    steps: tuple[Step, ...]
    draft: int | None = None
    rev: int = 0
    content: Content | None = None
    person: int | None = None
    at: datetime | None = None


def public_list(district: int, *, kind: str = "", after: str = "", limit: int = PAGE) -> Page:
    """The last published first; one query. Raises ValueError for an `after` that is none."""
    rows = Publication.objects.filter(district_id=district, listed__isnull=False)
    if kind:
        rows = rows.filter(kind=kind)
    if after:
        rows = rows.filter(listed__lt=int(after))
    found = list(rows.order_by("-listed")[: limit + 1])
    more = str(found[limit - 1].listed) if len(found) > limit else None
    return Page(tuple(_line(row) for row in found[:limit]), more)


def latest(district: int, *, limit: int = FEED) -> tuple[Line, ...]:
    """Published, corrected, ended or withdrawn last; one query."""
    rows = Publication.objects.filter(district_id=district, listed__isnull=False)
    return tuple(_line(row) for row in rows.order_by("-changed_at", "-pk")[:limit])


PARTS = ("drafts", "scheduled", "published", "ending", "ended")


def staff_list(
    district: int, part: str, *, now: datetime, after: str = "", limit: int = PAGE
) -> Page:
    """One of PARTS, the last begun first; two queries. `drafts` are corrections too."""
    rows = Publication.objects.filter(_part(part, now), district_id=district)
    if after:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.select_related("draft").order_by("-pk")[: limit + 1])
    more = str(found[limit - 1].pk) if len(found) > limit else None
    return Page(tuple(_line(row, _draft(row)) for row in found[:limit]), more)


def counts(district: int, *, now: datetime) -> dict[str, int]:
    """How many there are of each part; one query."""
    rows = Publication.objects.filter(district_id=district)
    return rows.aggregate(**{part: Count("pk", filter=_part(part, now)) for part in PARTS})


def _part(part: str, now: datetime) -> Q:
    if part == "drafts":
        return Q(draft__isnull=False, draft__publish_at=None)
    if part == "scheduled":
        return Q(draft__publish_at__isnull=False)
    if part == "ending":
        return Q(status="published", expires_at__lt=now + SOON)
    if part == "ended":
        return Q(status__in=("over", "withdrawn"))
    if part == "published":
        return Q(status="published")
    raise ValueError(part)


def show(district: int, number: str, *, version: int | None = None) -> Shown | None:
    """A published one by its number, the last version or an earlier one; None when there is none.
    Three queries."""
    row = Publication.objects.filter(
        district_id=district, number=number.upper(), status__in=PUBLIC
    ).first()
    if row is None:
        return None
    wanted = version or row.version
    entries = Entry.objects.filter(publication=row).order_by("seq")
    steps = tuple(_step(entry) for entry in entries.defer("content", "canonical", "nonce"))
    contents = {
        entry.version: entry.content
        for entry in entries.filter(content__isnull=False, version__in=(wanted, wanted - 1)).only(
            "version", "content"
        )
    }
    frozen = contents.get(wanted)
    if frozen is None:
        return None
    before = contents.get(wanted - 1)
    made = next(s for s in steps if s.version == wanted and s.kind in ("published", "corrected"))
    return Shown(
        line=_line(row),
        version=made,
        content=from_json(frozen["given"]),
        frozen=frozen,
        steps=steps,
        previous=from_json(before["given"]) if before else None,
    )


def work(district: int, publication: int) -> Work | None:
    """One for its editors; two queries."""
    row = (
        Publication.objects.filter(district_id=district, pk=publication)
        .select_related("draft")
        .first()
    )
    if row is None:
        return None
    entries = Entry.objects.filter(publication=row).defer("content", "canonical", "nonce")
    steps = tuple(_step(entry) for entry in entries.order_by("seq"))
    draft = _draft(row)
    if draft is None:
        return Work(line=_line(row), steps=steps)
    return Work(
        line=_line(row, draft),
        steps=steps,
        draft=draft.pk,
        rev=draft.rev,
        content=from_json(draft.content),
        person=draft.person,
        at=draft.at,
    )


def published_by_kind(district: int, *, since: datetime, until: datetime) -> dict[str, int]:
    """Notices (not bulletins) first published in [since, until), by kind; one query."""
    rows = Publication.objects.filter(
        district_id=district, published_at__gte=since, published_at__lt=until
    ).exclude(kind="bulletin")
    return dict(rows.values_list("kind").annotate(Count("pk")))


def tables_of(district: int, number: str) -> tuple[Table, ...]:
    """The tables of the last version. Raises ObjectDoesNotExist when it is not published, or
    withdrawn. Two queries."""
    row = Publication.objects.get(
        district_id=district, number=number.upper(), status__in=("published", "over")
    )
    entry = Entry.objects.filter(publication=row, content__isnull=False).order_by("-seq").first()
    if entry is None or entry.content is None:
        raise ObjectDoesNotExist(number)
    return tuple(
        Table(
            title=table["title"],
            head=tuple(table["head"]),
            rows=tuple(tuple(cells) for cells in table["rows"]),
            counted=table["counted"],
            source=table["source"],
        )
        for table in entry.content["tables"]
    )


# ---- What changed ----


@dataclass(frozen=True, slots=True)
class Change:
    """A line of a comparison. kind: same, gone, new, left out (`text` is how many lines)."""

    kind: str
    text: str


AROUND = 2


def changes(before: Content, after: Content) -> list[Change]:
    """Line by line, with a few unchanged lines around what changed."""
    old, new = plain(before), plain(after)
    found = list[Change]()
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=True).get_opcodes():
        if tag == "equal":
            found += _same(old[a:b], first=a == 0, last=b == len(old))
        else:
            found += [Change("gone", line) for line in old[a:b]]
            found += [Change("new", line) for line in new[c:d]]
    return found


def _same(lines: Sequence[str], *, first: bool, last: bool) -> list[Change]:
    head = 0 if first else AROUND
    tail = 0 if last else AROUND
    if len(lines) <= head + tail + 1:
        return [Change("same", line) for line in lines]
    middle = Change("left out", str(len(lines) - head - tail))
    kept = [Change("same", line) for line in lines[:head]]
    return [*kept, middle, *(Change("same", line) for line in lines[len(lines) - tail :])]


def plain(content: Content) -> list[str]:
    """All that is said, as lines without blank ones."""
    lines = [content.title, content.title_en, *content.body.split("\n")]
    lines += content.body_en.split("\n")
    for table in content.tables:
        rows = table.text.split("\n")
        lines += [table.title, *(row.replace("\t", " · ") for row in rows), table.source]
    return [line.strip() for line in lines if line.strip()]


# ---- Rows into values ----


def _draft(row: Publication) -> Draft | None:
    try:
        return row.draft
    except Draft.DoesNotExist:
        return None


def _line(row: Publication, draft: Draft | None = None) -> Line:
    return Line(
        id=row.pk,
        number=row.number,
        kind=row.kind,
        status=row.status,
        unit=row.unit,
        title=row.title,
        title_en=row.title_en,
        version=row.version,
        published_at=row.published_at,
        changed_at=row.changed_at,
        expires_at=row.expires_at,
        publish_at=draft.publish_at if draft else None,
        failed=draft.failed if draft else "",
        editing=draft is not None,
    )


def _step(entry: Entry) -> Step:
    return Step(
        seq=entry.seq,
        kind=entry.kind,
        version=entry.version,
        at=entry.at,
        person=entry.person,
        reason=entry.reason,
        reason_en=entry.reason_en,
    )
