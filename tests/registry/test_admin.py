"""In the administration dated rows are entered and ended, never changed and never deleted."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from luoshi.registry import actions, queries
from luoshi.registry.models import Alias, AreaCode, Holiday, Person, RoleAssignment, Subject
from luoshi.rules.deadlines import Term
from tests.registry.conftest import SINCE, TODAY, World


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


@pytest.fixture
def dated(world: World) -> dict[str, int]:
    """One row of each kind that has a legal life: the name of the model and the row's id."""
    actions.add_former_code(
        district=world.district, code="1", name="旧", valid_from=SINCE, valid_to=TODAY
    )
    rule = actions.set_term(
        district=world.district, name="verdict", term=Term(hours=9), valid_from=SINCE
    )
    duty = actions.create_duty(district=world.district, unit=world.desk, valid_from=SINCE)
    return {
        "roleassignment": grant_anna(world).pk,
        "duty": duty,
        "termrule": rule,
        "areacode": AreaCode.objects.get().pk,
    }


@pytest.mark.parametrize("model", ["roleassignment", "duty", "termrule", "areacode"])
def test_dated_rows_have_no_form_to_change_and_no_page_to_delete(
    operator: Client, dated: dict[str, int], model: str
) -> None:
    row = dated[model]
    shown = operator.get(url(model, "change", row))
    assert shown.status_code == 200
    assert 'name="_save"' not in shown.content.decode()
    assert operator.post(url(model, "change", row), {"valid_to": ""}).status_code == 403
    assert operator.post(url(model, "delete", row), {"post": "yes"}).status_code == 403
    assert operator.get(url(model, "changelist")).status_code == 200


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
    day = date(2025, 10, 1)

    def working() -> bool:
        return queries.calendar(world.district).working[day]

    actions.seed_holidays(district=world.district)
    assert not working()
    row = Holiday.objects.get(district=world.district, day=day)
    changed = {"district": world.district, "day": "2025-10-01", "working": "on", "note": "抢险"}
    operator.post(url("holiday", "change", row.pk), changed)
    actions.seed_holidays(district=world.district)
    assert working()


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
    assert client.get(url("roleassignment", "changelist")).status_code == 302
