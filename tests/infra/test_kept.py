"""What is kept in memory is never older than what a query would find."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.conf import settings as project
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from luoshi.infra import kept, triggers
from luoshi.infra.models import Stamp
from luoshi.registry import actions, queries
from luoshi.registry.models import Holiday, Person, Unit

OTHER = "610730"


@pytest.fixture
def district(db: None) -> int:
    return actions.create_district(code="320613", name="崇川区")


@kept.by("registry_unit")
def units(district: int) -> tuple[str, ...]:
    rows = Unit.objects.filter(district=district).order_by("pk")
    return tuple(rows.values_list("name", flat=True))


def put(district: int, name: str) -> int:
    return actions.create_unit(district=district, name=name, kind="department")


def elsewhere(work: Callable[[], object]) -> None:
    """In a connection of its own, as another process would."""

    def run() -> None:
        work()
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


def test_what_is_kept_is_read_once_and_again_after_every_kind_of_write(
    district: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    unit = put(district, "甲")
    assert units(district) == ("甲",)
    with django_assert_num_queries(1):
        assert units(district) == ("甲",)
    Unit.objects.filter(pk=unit).update(name="乙")
    assert units(district) == ("乙",)
    Unit.objects.bulk_create([Unit(district_id=district, name="丙", kind="department")])
    assert units(district) == ("乙", "丙")
    more = Unit(district_id=district, name="丁", kind="department")
    Unit.objects.bulk_create([more], ignore_conflicts=True)
    assert units(district) == ("乙", "丙", "丁")
    Unit.objects.filter(name__in=["丙", "丁"]).delete()
    assert units(district) == ("乙",)


def test_other_tables_are_not_read_again(
    district: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    units(district)
    Holiday.objects.create(district_id=district, day=date(2026, 10, 1), working=False)
    with django_assert_num_queries(1):
        units(district)


def test_what_a_transaction_read_of_its_own_is_forgotten_when_it_is_undone(district: int) -> None:
    put(district, "甲")
    assert units(district) == ("甲",)
    with transaction.atomic():
        put(district, "乙")
        assert units(district) == ("甲", "乙")
        transaction.set_rollback(True)
    assert units(district) == ("甲",)
    with transaction.atomic():
        put(district, "丙")
        assert units(district) == ("甲", "丙")
    assert units(district) == ("甲", "丙")


@pytest.mark.django_db(transaction=True)
def test_a_write_of_another_process_is_seen_once_it_is_committed() -> None:
    district = actions.create_district(code="320613", name="崇川区")
    put(district, "甲")
    assert units(district) == ("甲",)
    elsewhere(lambda: put(district, "乙"))
    assert units(district) == ("甲", "乙")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "sqlite" in project.DATABASES["default"]["ENGINE"],
    reason="needs PostgreSQL: runs in the second half of make test",
)
def test_two_who_write_at_once_do_not_wait_and_nobody_keeps_what_only_one_saw() -> None:
    district = actions.create_district(code="320613", name="崇川区")
    put(district, "甲")
    with transaction.atomic():
        put(district, "乙")
        assert units(district) == ("甲", "乙")
        elsewhere(lambda: put(district, "丙"))
        assert units(district) == ("甲", "乙", "丙")
        transaction.set_rollback(True)
    assert units(district) == ("甲", "丙")


def test_a_person_who_signs_in_changes_nothing_and_one_who_leaves_does(
    district: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    unit, on = put(district, "甲"), date(2026, 5, 20)
    person = actions.create_person(username="w", name="吴", password="luoshi-demo-2020")
    actions.grant_role(person=person, unit=unit, role="handler", valid_from=date(2026, 1, 1))
    assert [fact.absent for fact in queries.roster(district, on=on)] == [False]
    Person.objects.filter(pk=person).update(last_login=timezone.now())
    with django_assert_num_queries(1):
        queries.roster(district, on=on)
    Person.objects.filter(pk=person).update(absent_until=on)
    assert [fact.absent for fact in queries.roster(district, on=on)] == [True]
    Person.objects.filter(pk=person).update(is_active=False)
    assert queries.roster(district, on=on) == ()


def test_a_request_asks_for_the_stamps_once_and_after_a_transaction_again(
    district: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    units(district)
    queries.calendar(district)

    def view(request: HttpRequest) -> HttpResponse:
        asked = connection.in_atomic_block  # a test is one transaction
        connection.in_atomic_block = False
        try:
            with django_assert_num_queries(1):
                units(district)
                queries.calendar(district)
                units(district)
            connection.in_atomic_block = True
            put(district, "甲")
            assert units(district) == ("甲",)
            connection.in_atomic_block = False
            assert units(district) == ("甲",)
        finally:
            connection.in_atomic_block = asked
        return HttpResponse()

    kept.during_request(view)(HttpRequest())


def test_several_things_are_read_at_once(
    district: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    put(district, "甲")
    units(district)
    queries.calendar(district)
    with django_assert_num_queries(1), kept.at_once():
        units(district)
        queries.calendar(district)


def test_every_night_the_stamps_are_swept_and_what_was_kept_is_read_again(district: int) -> None:
    put(district, "甲")
    assert units(district) == ("甲",)
    before = kept.stamps()
    assert kept.purge(0, now=timezone.now()).cursor is None
    assert Stamp.objects.count() == len(project.KEPT_TABLES)
    assert all(value != before.get(name) for name, value in kept.stamps().items())
    assert units(district) == ("甲",)


def test_a_table_without_a_stamp_cannot_be_kept() -> None:
    with pytest.raises(ValueError, match="cases_case"):
        kept.by("cases_case")


@pytest.mark.django_db(transaction=True)
def test_a_missing_stamp_keeps_the_system_from_starting_and_migrating_puts_it_back() -> None:
    [*_, name] = kept.names("registry_unit", vendor=connection.vendor)
    on = "" if connection.vendor == "sqlite" else ' ON "registry_unit"'
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"{on}')
    try:
        assert triggers.missing() == ["registry_unit"]
        with pytest.raises(triggers.TriggersMissing, match="registry_unit"):
            triggers.verify()
    finally:
        triggers.install()
    triggers.verify()
