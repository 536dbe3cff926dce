"""Sentences for what was found, for lists and case pages; pages of fields use the same ones."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from luoshi.expectations.models import Version
from luoshi.rules.expectations import Judged

RESULT: Mapping[str, Promise] = {
    "met": _("met"),
    "unmet": _("unmet"),
    "unknown": _("unknown"),
    "na": _("not applicable"),
    "waiting": _("not due yet"),
    "never": _("never checked"),
}
METHOD: Mapping[str, Promise] = {
    "item": _("a person looks"),
    "figure": _("computed from reported figures"),
    "record": _("a record must be kept"),
    "date": _("something is due by a date"),
}
SEVERITY: Mapping[str, Promise] = {
    "ordinary": _("ordinary"),
    "serious": _("serious"),
    "severe": _("severe"),
}
SOURCE: Mapping[str, Promise] = {
    "law": _("law"),
    "guide": _("guide"),
    "standard": _("standard"),
    "agreement": _("agreement"),
    "plan": _("plan"),
    "report": _("report"),
}
REASON: Mapping[str, Promise] = {
    "as_answered": _("as the inspector saw it"),
    "in_range": _("%(value)s, within the limits"),
    "out_of_range": _("%(value)s, the limit is %(limit)s"),
    "choice_met": _("as the inspector saw it"),
    "choice_unmet": _("as the inspector saw it"),
    "holds": _("%(value)s against a limit of %(limit)s: it holds"),
    "below": _("%(value)s, at least %(limit)s is demanded"),
    "not_above": _("%(value)s, more than %(limit)s is demanded"),
    "above": _("%(value)s, at most %(limit)s is allowed"),
    "not_below": _("%(value)s, less than %(limit)s is demanded"),
    "differs": _(
        "%(value)s against %(limit)s: the two must be equal, %(difference)s is missing or too much"
    ),
    "equal": _("%(value)s and %(limit)s must differ"),
    "missing": _("not reported: %(missing)s"),
    "zero_denominator": _("the denominator is 0"),
    "record_there": _("the last record is there; the next is due on %(due)s"),
    "record_late": _("the record due on %(due)s is missing"),
    "record_never": _("no record was ever made; the first was due on %(due)s"),
    "proof_there": _("delivered in time for %(due)s"),
    "proof_late": _("delivered, but after %(due)s"),
    "proof_missing": _("nothing was delivered by %(due)s"),
    "not_due": _("due on %(due)s"),
}
"""A sentence for every code of rules.expectations.CODES."""


def finding(version: Version, subject: str, judged: Judged, said: str = "") -> str:
    """What is wrong, in the district's language, for the list of cases."""
    with override(settings.LANGUAGE_CODE):
        # A title says what should be: of a finding it must not read as if it were so.
        parts = [
            gettext("%(subject)s: not met: %(title)s")
            % {"subject": subject, "title": version.title}
        ]
        if judged.code not in {"as_answered", "choice_unmet"}:
            parts.append(reason(judged, version))
        if said:
            parts.append(said)
        return gettext("; ").join(parts)


def reason(
    judged: Judged, version: Version, names: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Why the result is what it is, in the language of the reader."""
    return reason_of(
        judged.code,
        {
            "value": judged.value,
            "limit": judged.limit,
            "missing": list(judged.missing),
            "due": judged.due.isoformat() if judged.due else "",
        },
        version.spec,
        names,
    )


def reason_of(
    code: str,
    detail: Mapping[str, Any],
    spec: Mapping[str, Any],
    names: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The same from what an answer keeps (`Answer.code`, `Answer.detail`); `names` are those of
    figures and facts by code."""
    unit = spec.get("unit") or ""
    due = detail.get("due") or ""
    if code == "not_due" and not due:
        return gettext("nothing is due")
    text, places = REASON.get(code, ""), _places(detail)
    return str(text) % {
        "value": amount(detail.get("value"), unit, places=places),
        "limit": amount(detail.get("limit"), unit, places=places),
        "difference": amount(_difference(detail), unit, places=places),
        "missing": gettext(", ").join(names.get(m, m) for m in detail.get("missing", ())),
        "due": due,
    }


def _difference(detail: Mapping[str, Any]) -> float | None:
    value, limit = detail.get("value"), detail.get("limit")
    return None if value is None or limit is None else abs(value - limit)


def _places(detail: Mapping[str, Any]) -> int:
    """Two decimals, or as many of four as tell value and limit apart."""
    value, limit = detail.get("value"), detail.get("limit")
    if value is None or limit is None or value == limit:
        return 2
    return next((n for n in (2, 3) if round(value, n) != round(limit, n)), 4)


def amount(value: float | None, unit: str, *, places: int = 2) -> str:
    """A number as people write it, with its unit: 78.33 %."""
    if value is None:
        return "—"
    places = 0 if float(value).is_integer() else places
    # Adding 0.0 makes a rounded -0.00 a plain zero.
    # In threes in both languages, as offices write money.
    shown = f"{round(value, places) + 0.0:,.{places}f}"
    return f"{shown} %" if unit == "%" else shown
