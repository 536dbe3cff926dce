"""Of which subjects a unit enters records and proofs."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from luoshi.expectations.queries.fields import demands
from luoshi.expectations.queries.figures import kinds_with_own_figures
from luoshi.registry import queries as registry
from luoshi.registry.queries import SubjectInfo
from luoshi.rules.expectations import Method


def entrusted(
    district: int, units: Collection[int], *, on: date, after: int = 0, limit: int = 50
) -> tuple[tuple[SubjectInfo, ...], int | None]:
    """Subjects by id that units operate or answer for and of which something is recorded or
    delivered, and those that they operate and that report figures; with the id after which there
    are more. Eleven queries at most."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for wanted in demands(district, on=on):
        if wanted.method in {Method.RECORD, Method.DATE}:
            kinds[wanted.kind].add(wanted.duty)
    for kind in kinds_with_own_figures(district):
        kinds.setdefault(kind, set())  # no duty reaches these: only whoever operates them reports
    found = registry.subjects_of_units(
        district, units, kinds=kinds, on=on, after=after, limit=limit + 1
    )
    book, shown = registry.duty_book(district, on=on), []
    for one in found[:limit]:
        answer = {one.operator} | {
            who[0] for duty in kinds[one.kind] if (who := book.answers(one, duty))
        }
        if answer & set(units):
            shown.append(one)
    return tuple(shown), found[limit - 1].id if len(found) > limit else None


def answering(district: int, subject: SubjectInfo, *, on: date) -> frozenset[int]:
    """The units that operate it or answer on that day for anything expected of it; four queries."""
    book = registry.duty_book(district, on=on)
    duties = {one.duty for one in demands(district, on=on, kind=subject.kind)}
    units = {who[0] for duty in duties if (who := book.answers(subject, duty))}
    return frozenset(units | ({subject.operator} if subject.operator else set()))
