"""One verification as the drawn verifier sees it: claim and evidence beside the reporter's words.

No handler is named here, only his unit: the work is judged, not the colleague.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi.cases.queries import CasePage, Entry, PictureInfo, doubts
from luoshi.rules.state import State, Tier

CLAIMS = frozenset({"claimed", "return_declined"})
FOUND = frozenset({"verified", "inspected", "verdict_given"})
"""Events in which somebody else said what he found before this claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Something that was said about the case, with its pictures."""

    kind: str
    at: datetime
    text: str | None  # None: sealed or erased
    pictures: tuple[PictureInfo, ...] = ()
    number: str = ""
    passed: bool | None = None
    explanation: str | None = None  # why a picture looks like an earlier one
    seat: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Both sides of the question, and why this person answers it."""

    said: tuple[Words, ...]  # by reporters: their reports, then questions and what they added
    claim: Words
    doubts: tuple[str, ...]  # codes of what speaks against it
    measures: tuple[str, ...]
    outcome: str
    found: tuple[Words, ...]  # earlier verifications, inspections, verdicts, newest first
    on_site: bool
    hears: bool  # on the papers he hears the reporter before he passes it
    raised: bool
    seed: str
    pool: int

    @property
    def time_or_place(self) -> bool:
        return bool({"before", "ahead", "far", "outside"} & set(self.doubts))


def task(page: CasePage, person: int) -> Task | None:
    """As `person` reads it; None while nothing is claimed."""
    claim = _last(page.entries, CLAIMS)
    if claim is None:
        return None
    by_id = {picture.id: picture for picture in page.pictures}
    drawn = _last(page.entries, {"drawn"})
    data: Mapping[str, Any] = drawn.data if drawn else {}
    state = page.line.state
    return Task(
        said=_said(page, by_id, person),
        claim=_words(claim, by_id),
        doubts=doubts(page),
        measures=tuple(claim.data.get("measures", ())),
        outcome=str(state.outcome or ""),
        found=tuple(
            _words(entry, by_id) for entry in reversed(page.entries) if _other(entry, claim)
        ),
        on_site=on_site(state),
        hears=bool(state.reporters) and not on_site(state),
        raised=state.raised and state.tier is Tier.PAPERS,
        seed=str(data.get("seed", "")),
        pool=len(data.get("pool", ())),
    )


def on_site(state: State) -> bool:
    """Whether he must go there and bring pictures of his own."""
    return state.raised or state.tier is Tier.SITE


def tier_words(state: State) -> str | Promise:
    """What the verification asks of him, and why."""
    if state.tier is Tier.SITE:
        return _("On site, as its category asks: go there and take pictures of your own.")
    if state.raised:
        return _(
            "On site: raised from the papers by the published random share. "
            "Go there and take pictures of your own."
        )
    if not state.reporters:
        return _("On the papers: judge by the claim and its evidence.")
    return _("On the papers: judge by the claim and its evidence, and hear the reporter.")


def _said(page: CasePage, by_id: Mapping[int, PictureInfo], person: int) -> tuple[Words, ...]:
    """Reports with the pictures that came with them, then questions, and replies with theirs."""
    spoken = [entry for entry in page.entries if entry.kind in {"asked", "replied"}]
    later = {id for entry in spoken for id in entry.data.get("pictures", ())}
    reports = [
        Words(
            kind="report",
            at=report.received_at,
            text=report.text,
            number=report.number,
            pictures=tuple(
                p
                for p in page.pictures
                if p.report == report.id and p.purpose == "report" and p.id not in later
            ),
        )
        for report in page.reports
    ]
    return (*reports, *(_words(entry, by_id, person) for entry in spoken))


def _words(entry: Entry, by_id: Mapping[int, PictureInfo], person: int = 0) -> Words:
    shown = (by_id.get(id) for id in entry.data.get("pictures", ()))
    passed = entry.data.get("passed", entry.data.get("solved"))
    return Words(
        kind=entry.kind,
        at=entry.at,
        text=entry.text,
        pictures=tuple(picture for picture in shown if picture),
        passed=passed,
        explanation=entry.explanation,
        seat=entry.seat,
        mine=entry.person == person,
    )


def _other(entry: Entry, claim: Entry) -> bool:
    return entry.kind in FOUND and entry.seq < claim.seq


def _last(entries: Iterable[Entry], kinds: Iterable[str]) -> Entry | None:
    wanted = set(kinds)
    return next((entry for entry in reversed(tuple(entries)) if entry.kind in wanted), None)
