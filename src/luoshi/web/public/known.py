"""What is known already: cases that are being handled and may be what somebody is about to report.

He sees what everybody sees at /open/, category, place, state and the summary that the desk wrote,
and his words are held against these alone: what others wrote can neither be read nor be guessed
by trying. Who adds his voice
is taken into that case with a report of his own: he is told, asked, and has the last word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import get_language

from luoshi.cases import queries
from luoshi.cases.queries import Likely
from luoshi.registry.facts import DistrictInfo
from luoshi.rules.guards import JOINABLE
from luoshi.rules.state import State
from luoshi.web import alike
from luoshi.web.names_of_cases import case_of, name_of
from luoshi.web.public import place
from luoshi.web.public.report_form import OrdinaryForm
from luoshi.web.typed import told

SALT = "luoshi.public.known"
MOST = 3
LIMIT = 20
"""Looked at, since not every one is for everybody's eyes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One of them, for anybody's eyes. `value` says which to the server, and only for this form;
    `why` it may be the same."""

    value: str
    what: str
    where: str
    summary: str
    state: State
    why: tuple[str, ...]


def known(district: DistrictInfo, form: OrdinaryForm, code: str) -> tuple[Known, ...]:
    """Up to three; some 25 queries, or none while little has been typed."""
    typed = told(district, form.data, spot="spot")
    if typed is None:
        return ()
    found = queries.likely(
        district.id, typed, now=timezone.now(), statuses=JOINABLE, summaries_only=True, limit=LIMIT
    )
    open_to_all = queries.public_among(one.line.id for one in found)
    shown = [one for one in found if one.line.id in open_to_all][:MOST]
    return tuple(_shown(form, shown, code))


def chosen(value: str, code: str) -> int | None:
    """The case of a choice that this form was offered; None for none, and for a made-up one."""
    try:
        return case_of(_signer(code).unsign(value))
    except BadSignature:
        return None


def _shown(form: OrdinaryForm, likely: Sequence[Likely], code: str) -> list[Known]:
    language = get_language() or "zh-hans"
    labels = {c.code: c.label(language) for c in form.categories}
    signer = _signer(code)
    return [
        Known(
            value=signer.sign(name_of(one.line.id)),
            what=labels.get(one.line.state.category, ""),
            where=place.name_of(one.line.state.area, one.line.state.subject),
            summary=one.line.text,
            state=one.line.state,
            why=alike.reasons(one.fit),
        )
        for one in likely
    ]


def _signer(code: str) -> Signer:
    return Signer(salt=f"{SALT}.{code}")


def given(data: Any) -> str:
    """What was chosen in a form that was sent."""
    return str(data.get("known", ""))[:200]
