"""While the desk takes down a call: what category the words speak of, whose it would be, and what
may be the same and is known already. It chooses nothing by itself.

Of what is confidential nothing is asked: the inspection team sorts it, and it joins nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from luoshi.cases import queries, suggest
from luoshi.cases.queries import CategoryInfo, Told
from luoshi.registry import queries as registry
from luoshi.rules.guards import JOINABLE
from luoshi.web import staff
from luoshi.web.alike import Same, same
from luoshi.web.asked import key
from luoshi.web.case import choices
from luoshi.web.typed import told


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A category and the words that decided it; `learned`: from earlier cases, else from its list
    of words."""

    code: str
    label: str
    words: tuple[str, ...]
    learned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    offer: Offer | None = None
    unit: str = ""  # whom the duty list names for the category chosen or offered
    same: tuple[Same, ...] = ()
    joinable: frozenset[int] = frozenset()
    picked: int | None = None


def hints(request: HttpRequest) -> Hints:
    """For what is typed so far; nothing is asked while little has been typed."""
    typed = request.POST
    district = registry.district_by_id(staff.district_id(request))
    said = (
        None if typed.get("confidential") else told(district, typed, spot="subject", by_desk=True)
    )
    if said is None:
        return Hints()
    known = queries.categories(district.id)
    offer = _offer(district.id, said.text, known)
    found = queries.likely(district.id, said, now=timezone.now())
    seen = may_open(request, [one.line.id for one in found])
    shown = [one for one in found if one.line.id in seen]
    return Hints(
        offer=None if offer and offer.code == typed.get("category") else offer,
        unit=_unit(district.id, said, typed.get("category") or (offer.code if offer else "")),
        same=same(shown, district=district.id),
        joinable=frozenset(one.line.id for one in shown if one.line.state.status in JOINABLE),
        picked=key(typed.get("known", "")),
    )


def may_open(request: HttpRequest, cases: Sequence[int]) -> set[int]:
    """Those of the cases that whoever asks may open."""
    return queries.open_to(
        cases,
        district=staff.district_id(request),
        person=staff.person_id(request),
        now=timezone.now(),
    )


def _offer(district: int, text: str, known: Sequence[CategoryInfo]) -> Offer | None:
    by_code = {one.code: one for one in known}
    learned = suggest.suggest(district=district, text=text).category
    code = learned.value if learned.value in by_code else queries.guess(known, text)
    if not code:
        return None
    one = by_code[code]
    from_cases = code == learned.value
    words = learned.words if from_cases else tuple(word for word in one.words if word in text)
    return Offer(code=code, label=one.label(choices.language()), words=words, learned=from_cases)


def _unit(district: int, said: Told, category: str) -> str:
    if not category:
        return ""
    duty = registry.duty_for(
        district,
        subject=said.subject,
        area=said.area,
        category=category,
        on=timezone.localdate(),
    )
    return registry.unit_names([duty[0]], language=choices.language())[duty[0]] if duty else ""
