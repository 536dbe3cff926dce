"""In the administration dated rows are entered and ended, never changed and never deleted."""

from datetime import date

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import NoReverseMatch, path, reverse

from luoshi.registry import actions, queries
from luoshi.registry.models import Alias, Duty, Person, RoleAssignment, Subject
from tests.registry.conftest import SINCE, TODAY, World

urlpatterns = [path("admin/", admin.site.urls)]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def operator(client: Client, world: World) -> Client:
    boss = Person.objects.create_superuser("boss", "a long enough phrase", name="管理员")
    client.force_login(boss)
    return client


def url(model: str, view: str, *args: object) -> str:
    return reverse(f"admin:registry_{model}_{view}", args=args)


def grant_anna(world: World) -> RoleAssignment:
    actions.grant_role(person=world.anna, unit=world.desk, role="desk", valid_from=SINCE)
    return RoleAssignment.objects.get()


@pytest.mark.parametrize("model", ["roleassignment", "duty", "termrule", "areacode"])
def test_dated_rows_have_no_form_to_change_and_no_page_to_delete(
    operator: Client, world: World, model: str
) -> None:
    actions.add_former_code(
        district=world.district, code="1", name="旧", valid_from=SINCE, valid_to=TODAY
    )
    grant_anna(world)
    actions.create_duty(district=world.district, unit=world.desk, valid_from=SINCE)
    row = {
        "roleassignment": RoleAssignment.objects.get,
        "duty": Duty.objects.get,
    }.get(model, lambda: None)()
    assert operator.get(url(model, "changelist")).status_code == 200
    if row is not None:
        shown = operator.get(url(model, "change", row.pk)).content.decode()
        assert 'name="_save"' not in shown
        assert operator.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    "model", ["district", "area", "unit", "person", "subject", "holiday", "calendaryear"]
)
def test_every_list_and_form_of_the_registry_opens(operator: Client, model: str) -> None:
    assert operator.get(url(model, "changelist")).status_code == 200
    assert operator.get(url(model, "add")).status_code == 200


def test_a_role_is_entered_with_the_district_of_its_unit(operator: Client, world: World) -> None:
    entered = {
        "person": world.anna,
        "unit": world.desk,
        "role": "desk",
        "valid_from": "2026-01-01",
        "valid_to": "",
    }
    assert operator.post(url("roleassignment", "add"), entered).status_code == 302
    held = RoleAssignment.objects.get()
    assert (held.person_id, held.district_id) == (world.anna, world.district)


def test_an_overlapping_role_is_explained_and_not_entered(operator: Client, world: World) -> None:
    grant_anna(world)
    entered = {
        "person": world.anna,
        "unit": world.desk,
        "role": "desk",
        "valid_from": "2026-01-01",
        "valid_to": "2026-02-01",
    }
    answer = operator.post(url("roleassignment", "add"), entered)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.non_field_errors()
    assert RoleAssignment.objects.count() == 1


def test_a_role_is_ended_from_the_list(operator: Client, world: World) -> None:
    row = grant_anna(world)
    chosen = {"action": "end_today", "_selected_action": [row.pk]}
    operator.post(url("roleassignment", "changelist"), chosen)
    row.refresh_from_db()
    assert row.valid_to is not None
    assert queries.roster(world.district, on=row.valid_to) == ()


def test_a_renamed_area_keeps_its_former_name(operator: Client, world: World) -> None:
    changed = {
        "district": world.district,
        "code": "001002",
        "name": "新榆社区",
        "kind": "community",
        "parent": world.east,
        "valid_from": "1949-10-01",
        "valid_to": "",
    }
    assert operator.post(url("area", "change", world.elms), changed).status_code == 302
    assert queries.area(world.elms).name == "新榆社区"
    assert queries.match_place(world.district, "青榆社区").area == world.elms


def test_a_holiday_entered_here_is_marked_as_set_by_hand(operator: Client, world: World) -> None:
    actions.seed_holidays(district=world.district)
    calendar = queries.calendar(world.district, start=date(2025, 10, 1), end=date(2025, 10, 1))
    assert calendar.working == {date(2025, 10, 1): False}
    row = world_holiday(world)
    changed = {"district": world.district, "day": "2025-10-01", "working": "on", "note": "抢险"}
    operator.post(url("holiday", "change", row), changed)
    actions.seed_holidays(district=world.district)
    calendar = queries.calendar(world.district, start=date(2025, 10, 1), end=date(2025, 10, 1))
    assert calendar.working == {date(2025, 10, 1): True}


def world_holiday(world: World) -> int:
    from luoshi.registry.models import Holiday

    return Holiday.objects.get(district=world.district, day=date(2025, 10, 1)).pk


def test_another_name_entered_with_a_subject_belongs_to_its_district(
    operator: Client, world: World
) -> None:
    subject = Subject.objects.get(pk=world.estate)
    entered = {
        "district": world.district,
        "kind": subject.kind,
        "name": subject.name,
        "area": world.canal,
        "address": "",
        "lat": "32.0",
        "lon": "120.8",
        "operator": "",
        "active": "on",
        "aliases-TOTAL_FORMS": "1",
        "aliases-INITIAL_FORMS": "0",
        "aliases-0-text": "榆树院",
    }
    assert operator.post(url("subject", "change", subject.pk), entered).status_code == 302
    assert Alias.objects.get().district_id == world.district
    assert queries.match_place(world.district, "榆树院").subject == subject.pk


def test_a_duty_is_entered_and_a_term_too(operator: Client, world: World) -> None:
    duty = {
        "unit": world.canal_office,
        "person": "",
        "subject": world.estate,
        "area": "",
        "category_code": "",
        "valid_from": "2026-01-01",
        "valid_to": "",
    }
    term = {
        "district": world.district,
        "name": "ordinary",
        "hours": "",
        "working_days": "4",
        "valid_from": "2026-01-01",
        "valid_to": "",
    }
    assert operator.post(url("duty", "add"), duty).status_code == 302
    assert operator.post(url("termrule", "add"), term).status_code == 302
    answering = queries.duty_for(
        world.district, subject=world.estate, area=None, category="x", on=TODAY
    )
    assert answering == (world.canal_office, None)
    assert queries.terms(world.district, TODAY).ordinary.working_days == 4


def test_without_a_sign_in_nothing_opens(client: Client, world: World) -> None:
    assert not AnonymousUser().is_authenticated
    assert client.get(url("roleassignment", "changelist")).status_code == 302
    with pytest.raises(NoReverseMatch):
        reverse("admin:registry_unknown_changelist")
