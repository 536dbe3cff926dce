"""What may be learned from: the words of cases whose category somebody settled."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from luoshi.cases.models import Case, CaseEvent, Report
from luoshi.rules.state import Origin, Status
from luoshi.trust import vault

MOST = 20_000
"""Cases, the latest: learning from so many takes half a minute."""

AT_ONCE = 500
OWN_ORIGINS = (Origin.REPORT, Origin.INSPECTION, Origin.LEDGER)


@dataclass(frozen=True, slots=True)
class Example:
    """`words`: as they came in; `summary`: what the desk wrote, "" without."""

    words: str
    summary: str
    label: str

    @property
    def both(self) -> str:
        return f"{self.words}\n{self.summary}"


def examples(district: int, target: str) -> list[Example]:
    """Settled cases, the newest first. Nothing sealed and nothing erased is among them.

    Settled: assigned once, classified before it was answered, or taken over from a ledger.
    """
    rows = Case.objects.filter(
        _settled(), district_id=district, sealed=False, origin__in=OWN_ORIGINS
    )
    rows = rows.exclude(status=Status.NEW).exclude(category="")
    if target == "owner":
        rows = rows.exclude(owner=None)
    found = list(rows.order_by("-pk").values_list("pk", target, "summary")[:MOST])
    return [
        one
        for start in range(0, len(found), AT_ONCE)
        for one in _read(found[start : start + AT_ONCE])
    ]


def _settled() -> Q:
    classified = CaseEvent.objects.filter(case=OuterRef("pk"), kind="classified")
    return Q(was_assigned=True) | Q(origin=Origin.LEDGER) | Q(Exists(classified))


def _read(rows: list[tuple[int, object, int | None]]) -> Iterator[Example]:
    reports = Report.objects.filter(case__in=[case for case, *_ in rows], track="ordinary")
    told: dict[int, list[int]] = {}
    for case, text in reports.order_by("pk").values_list("case", "text"):
        if text:
            told.setdefault(case, []).append(text)
    summaries = {summary for *_, summary in rows if summary}
    texts = vault.read_texts(summaries | {one for many in told.values() for one in many})
    for case, label, summary in rows:
        words = "\n".join(filter(None, (texts[one] for one in told.get(case, ()))))
        short = (texts[summary] if summary else None) or ""
        if words or short:
            # A ledger has no words but its summary.
            yield Example(words or short, short if words else "", str(label))
