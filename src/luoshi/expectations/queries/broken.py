"""What was broken in a case, and what the next check of it says."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from luoshi.cases import queries as cases
from luoshi.expectations import wording
from luoshi.expectations.judging import judge_period
from luoshi.expectations.models import Answer, Check, Finding, Version
from luoshi.expectations.queries.facts import Demand, demand, spoken
from luoshi.expectations.queries.fields import names, sources
from luoshi.rules.expectations import Method, Result
from luoshi.trust import vault

WORST = ("unmet", "missing", "unknown", "na", "met")


def findings_in(case: int) -> list[Finding]:
    """The findings of a case and of what was merged into it: the last of each expectation and
    subject."""
    rows = Finding.objects.filter(case__in=[case, *cases.merged_cases(case)])
    rows = rows.select_related("version__expectation", "expectation")
    last = {(row.expectation_id, row.subject): row for row in rows.order_by("pk")}
    return list(last.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundInfo:
    """What was found: `reason` as it was judged then, `said` what whoever looked wrote."""

    demand: Demand
    subject: int
    at: datetime
    period: str
    reason: str
    said: str
    explain: str


def found_here(case: int) -> tuple[FoundInfo, ...]:
    """Everything that opened a case or joined it, the oldest first; eight queries at most."""
    rows = Finding.objects.filter(case__in=[case, *cases.merged_cases(case)])
    rows = rows.select_related("version__expectation", "answer").order_by("pk")
    found = list(rows)
    if not found:
        return ()
    district = found[0].district
    known, called = sources(district), names(district)
    texts = vault.read_texts({row.answer.text for row in found if row.answer.text})
    return tuple(
        FoundInfo(
            demand=demand(row.version, known),
            subject=row.subject,
            at=row.at,
            period=row.period if row.version.expectation.method != Method.ITEM else "",
            reason=wording.reason_of(row.answer.code, row.answer.detail, row.version.spec, called),
            said=(texts.get(row.answer.text or 0) or ""),
            explain=spoken(
                row.version.spec.get("explain", ""), row.version.spec.get("explain_en", "")
            ),
        )
        for row in found
    )


def broken_in(case: int) -> dict[int, list[Version]]:
    """By subject the versions that were broken; empty for a case without findings."""
    found: dict[int, list[Version]] = defaultdict(list)
    for finding in findings_in(case):
        found[finding.subject].append(finding.version)
    return dict(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What a case is about, and what its rule says of it now; a look by a person has no result
    before it is made."""

    demand: Demand
    subject: int
    period: str
    result: str = ""
    reason: str = ""


def broken_now(case: int, *, now: datetime) -> tuple[Broken, ...]:
    """Each thing that was broken, in the version that was, for whoever verifies the case."""
    return tuple(_now(finding, now) for finding in findings_in(case))


def _now(finding: Finding, now: datetime) -> Broken:
    version, subject = finding.version, finding.subject
    about, period = demand(version), finding.period
    if version.expectation.method == Method.ITEM:
        return Broken(demand=about, subject=subject, period=period)
    judged = judge_period(version, subject, period, on=timezone.localtime(now).date())
    said = wording.reason(judged, version, names(version.district))
    result = str(judged.result)
    return Broken(demand=about, subject=subject, period=period, result=result, reason=said)


def next_check(*, case: int, check: int | None, now: datetime) -> str | None:
    """The worst that the next check says of all that was broken: met, na, unmet, unknown or
    missing; None for a case without findings.

    What people look at counts only as the check of this very case; rules are asked anew.
    """
    findings = findings_in(case)
    if not findings:
        return None
    said = {_said(finding, case, check, now) for finding in findings}
    return next(result for result in WORST if result in said)


def _said(finding: Finding, case: int, check: int | None, now: datetime) -> str:
    version = finding.version
    if version.expectation.method != Method.ITEM:
        today = timezone.localtime(now).date()
        result = judge_period(version, finding.subject, finding.period, on=today).result
        return "met" if result is Result.WAITING else str(result)
    checks = Check.objects.filter(case=case, received_at__gte=_when(check)) if check else None
    if checks is None:
        return "missing"
    answer = (
        Answer.objects.filter(check_made__in=checks, version=version, subject=finding.subject)
        .order_by("-pk")
        .values_list("result", flat=True)
        .first()
    )
    return answer or "missing"


def _when(check: int) -> object:
    return Check.objects.filter(pk=check).values("received_at")[:1]
