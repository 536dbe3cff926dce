"""A night over many subjects, and what it costs to open a case for a finding.

The subjects are stalls of an invented kind with four figures each; twenty expectations over them.
The reference is the same comparison written by hand as one SELECT for each expectation.
"""

import time
from collections.abc import Callable
from datetime import date, datetime
from itertools import islice

from django.db import connection, transaction

from bench import plans
from bench.rows import Row
from luoshi.expectations import actions
from luoshi.expectations.models import Expectation, FigureKind, Latest, Version
from luoshi.registry.models import Subject
from tests.cast import Cast

FIGURES, EXPECTATIONS = 4, 20
SUBJECTS = 50_000
FINDINGS = 10_000
TWO_MINUTES = 120.0
MOST_QUERIES = 12
DAY = date(2026, 5, 20)


def measure(
    cast: Cast,
    now: datetime,
    say: Callable[[str], None],
    *,
    subjects: int = SUBJECTS,
    findings: int = FINDINGS,
) -> list[Row]:
    say(f"{subjects:,} subjects")
    _demand(cast, now)
    _fill(cast, subjects)
    _stood(cast, now)
    say("a night in which nothing changed")
    rows = [_night(cast, now)]
    say(f"{findings:,} findings")
    rows += _findings(cast, now, findings)
    return rows


def _demand(cast: Cast, now: datetime) -> None:
    at = {"district": cast.district, "field": "bench"}
    actions.put_field(district=cast.district, code="bench", name="测", name_en="Bench")
    actions.put_source(**at, code="s", kind="guide", title="测", title_en="Bench")
    actions.put_kind(**at, code="stall", name="摊位", name_en="Stall")
    for n in range(FIGURES):
        actions.put_figure_kind(**at, kind="stall", code=f"f{n}", name="数", name_en="n", unit="x")
    for n in range(EXPECTATIONS):
        actions.put_expectation(
            **at, code=f"bench.{n}", version=1, kind="stall", method="figure", title="测",
            title_en="Bench", source="s", category="estate.parking", valid_from=date(2020, 1, 1),
            now=now, spec={"value": "f0 / f1 * 100", "unit": "%", "op": ">=", "limit": str(n)},
        )  # fmt: skip


def _fill(cast: Cast, count: int) -> None:
    numbers = iter(range(count))
    while chunk := list(islice(numbers, 5_000)):
        with transaction.atomic():
            rows = Subject.objects.bulk_create(
                Subject(district_id=cast.district, kind="stall", name=f"摊位{n}") for n in chunk
            )
            kinds = list(FigureKind.objects.filter(kind="stall").order_by("code"))
            Latest.objects.bulk_create(
                Latest(
                    kind=kind, subject=row.pk, period="2026-05", period_end=date(2026, 5, 31),
                    value=80.0 + n if n else 90.0,
                )
                for row in rows
                for n, kind in enumerate(kinds)
            )  # fmt: skip


def _stood(cast: Cast, now: datetime) -> None:
    """Where everything stood the night before, as the evaluation itself would have left it."""
    one, two = FigureKind.objects.filter(kind="stall", code__in=("f0", "f1")).order_by("code")
    sql = """
        INSERT INTO expectations_standing (district, expectation_id, subject, result, code, period,
            version, answer, at, since, next_due, "case")
        SELECT %s, %s, a.subject,
            CASE WHEN a.value / b.value * 100 >= %s THEN 'met' ELSE 'unmet' END,
            CASE WHEN a.value / b.value * 100 >= %s THEN 'holds' ELSE 'below' END,
            '2026-05', %s, 0, %s, %s, NULL, NULL
        FROM expectations_latest a
        JOIN expectations_latest b ON b.subject = a.subject AND b.kind_id = %s
        WHERE a.kind_id = %s
    """
    versions = Version.objects.filter(expectation__kind="stall").order_by("expectation")
    with connection.cursor() as cursor:
        for n, version in enumerate(versions):
            known = [cast.district, version.expectation_id, n, n, version.pk, now, now]
            cursor.execute(sql, [*known, two.pk, one.pk])


def _night(cast: Cast, now: datetime) -> Row:
    started = time.perf_counter()
    done = actions.evaluate(district=cast.district, now=now, on=DAY)
    seconds = time.perf_counter() - started
    if done.changed:
        raise RuntimeError(f"{done.changed} changed in a night in which nothing did")
    scale = 1_000_000 / done.evaluated
    return Row(
        name="a night over 1 million subject-expectations (reference: by hand in SQL)",
        database=connection.vendor,
        value=seconds * scale,
        unit="s",
        reference=_by_hand() * scale,
        goal=f"at most {TWO_MINUTES:g} s",
        holds=seconds * scale <= TWO_MINUTES,
    )


def _by_hand() -> float:
    """Each expectation as one SELECT that compares and holds against what stood before."""
    one, two = FigureKind.objects.filter(kind="stall", code__in=("f0", "f1")).order_by("code")
    sql = """
        SELECT count(*) FROM expectations_latest a
        JOIN expectations_latest b ON b.subject = a.subject AND b.kind_id = %s
        LEFT JOIN expectations_standing s ON s.subject = a.subject AND s.expectation_id = %s
        WHERE a.kind_id = %s AND CASE WHEN a.value / b.value * 100 >= %s
              THEN 'met' ELSE 'unmet' END <> coalesce(s.result, '')
    """
    started = time.perf_counter()
    with connection.cursor() as cursor:
        for n, row in enumerate(Expectation.objects.filter(kind="stall").order_by("pk")):
            cursor.execute(sql, [two.pk, row.pk, one.pk, n])
            cursor.fetchone()
    return time.perf_counter() - started


def _findings(cast: Cast, now: datetime, count: int) -> list[Row]:
    """As many subjects fall below one limit as findings are wanted, opened in two halves."""
    kind = FigureKind.objects.get(kind="stall", code="f0")
    subjects = list(Latest.objects.filter(kind=kind).order_by("subject").values_list("subject"))
    ids = [subject for (subject,) in subjects[:count]]
    halves, queries = [], 0
    for half in (ids[: count // 2], ids[count // 2 :]):
        for start in range(0, len(half), 500):
            Latest.objects.filter(kind=kind, subject__in=half[start : start + 500]).update(
                value=15.0
            )
        started = time.perf_counter()
        asked = plans.statements(
            lambda: actions.evaluate(district=cast.district, now=now, on=DAY, codes=("bench.19",))
        )
        halves.append((time.perf_counter() - started) / len(half))
        queries = max(queries, -(-asked // len(half)))
    return [
        Row(
            name=f"queries for each of {count:,} findings",
            database=connection.vendor,
            value=queries,
            unit="queries",
            reference=MOST_QUERIES,
            goal=f"at most {MOST_QUERIES}",
            holds=queries <= MOST_QUERIES,
        ),
        Row(
            name=f"opening a case for a finding, second half of {count:,} (reference: the first)",
            database=connection.vendor,
            value=halves[1] * 1000,
            unit="ms",
            reference=halves[0] * 1000,
            goal="within 1.5 times",
            holds=halves[1] <= 1.5 * halves[0],
        ),
    ]
