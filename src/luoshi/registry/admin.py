"""The registry in Django's administration.

Names and addresses are edited here. Whatever has a legal life (roles, duties, terms, former codes)
is entered and ended here through the actions; nothing of that is changed or deleted.
"""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.registry import actions
from luoshi.registry.actions.people import refuse_overlaps
from luoshi.registry.models import (
    Alias,
    Area,
    AreaCode,
    CalendarYear,
    District,
    Duty,
    Holiday,
    Person,
    RoleAssignment,
    Subject,
    TermRule,
    Unit,
)
from luoshi.rules.deadlines import Term


class Kept(admin.ModelAdmin[Any]):
    """Rows that others refer to: they stay."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Dated(Kept):
    """Rows with a legal life: entered once, then only ended."""

    actions = ["end_today"]
    list_filter = ["district"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_change_permission(request)

    @admin.action(description=_("End as of today"), permissions=["change"])
    def end_today(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        for row in rows:
            try:
                self.end(row, timezone.localdate())
            except actions.Refused as refused:
                self.message_user(request, f"{row}: {refused}", messages.ERROR)

    def end(self, row: Any, on: date) -> None:
        raise NotImplementedError


# ---- Where ----


@admin.register(District)
class DistrictAdmin(Kept):
    list_display = ["code", "name", "name_en"]


@admin.register(Area)
class AreaAdmin(Kept):
    list_display = ["code", "name", "kind", "parent", "valid_from", "valid_to"]
    list_filter = ["district", "kind"]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["parent"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and {"code", "name"} & set(form.changed_data):
            actions.rename_area(area=obj.pk, code=obj.code, name=obj.name, on=timezone.localdate())
        super().save_model(request, obj, form, change)


@admin.register(AreaCode)
class AreaCodeAdmin(Kept):
    list_display = ["code", "name", "district", "area", "valid_from", "valid_to"]
    list_select_related = ["district", "area"]
    autocomplete_fields = ["area"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class AliasInline(admin.TabularInline[Alias, Subject]):
    model = Alias
    fields = ["text"]
    extra = 1


@admin.register(Subject)
class SubjectAdmin(Kept):
    list_display = ["name", "kind", "area", "address", "operator", "active"]
    list_filter = ["district", "kind", "active"]
    list_select_related = ["area", "operator"]
    search_fields = ["name", "aliases__text", "address"]
    autocomplete_fields = ["area", "operator"]
    inlines = [AliasInline]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for inline in formset.forms:
            inline.instance.district_id = form.instance.district_id
        super().save_formset(request, form, formset, change)


# ---- Who ----


@admin.register(Unit)
class UnitAdmin(Kept):
    list_display = ["name", "kind", "parent", "area", "acts_for", "active"]
    list_filter = ["district", "kind", "active"]
    list_select_related = ["parent", "area", "acts_for"]
    search_fields = ["name", "name_en"]
    autocomplete_fields = ["parent", "area", "acts_for"]


class NewPersonForm(AdminUserCreationForm[Person]):
    class Meta:
        model = Person
        fields = ["username", "name"]


class PersonForm(UserChangeForm[Person]):
    class Meta:
        model = Person
        fields = "__all__"


@admin.register(Person)
class PersonAdmin(UserAdmin[Person]):
    add_form = NewPersonForm
    form = PersonForm
    list_display = ["username", "name", "is_active", "absent_until"]
    list_filter = ["is_active", "is_staff", "roles__role"]
    search_fields = ["username", "name"]
    ordering = ["username"]
    filter_horizontal = ["user_permissions"]
    fieldsets = [
        (None, {"fields": ["username", "password", "name", "email", "language", "absent_until"]}),
        (_("Sign-in"), {"fields": ["is_active", "is_staff", "is_superuser", "user_permissions"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "name", "usable_password", "password1", "password2"]})
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class RoleForm(forms.ModelForm[RoleAssignment]):
    class Meta:
        model = RoleAssignment
        fields = ["person", "unit", "role", "valid_from", "valid_to"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            try:
                refuse_overlaps([self.grant()])
            except actions.Refused as refused:
                self.add_error(None, str(refused))
        return self.cleaned_data

    def grant(self) -> actions.Grant:
        entered = self.cleaned_data
        return actions.Grant(
            person=entered["person"].pk,
            unit=entered["unit"].pk,
            role=entered["role"],
            valid_from=entered["valid_from"],
            valid_to=entered["valid_to"],
        )


@admin.register(RoleAssignment)
class RoleAdmin(Dated):
    form = RoleForm
    list_display = ["person", "role", "unit", "valid_from", "valid_to"]
    list_filter = ["district", "role"]
    list_select_related = ["person", "unit"]
    search_fields = ["person__name", "person__username", "unit__name"]
    autocomplete_fields = ["person", "unit"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = actions.grant_roles(grants=[form.grant()])[0]

    def end(self, row: RoleAssignment, on: date) -> None:
        actions.end_role(person=row.person_id, unit=row.unit_id, role=row.role, on=on)


class DutyForm(forms.ModelForm[Duty]):
    class Meta:
        model = Duty
        fields = ["unit", "person", "subject", "area", "category_code", "valid_from", "valid_to"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        objects = [self.cleaned_data.get(name) for name in ("unit", "subject", "area")]
        if len({thing.district_id for thing in objects if thing}) > 1:
            self.add_error(None, _("This does not belong to the district."))
        return self.cleaned_data


@admin.register(Duty)
class DutyAdmin(Dated):
    form = DutyForm
    list_display = ["unit", "person", "subject", "area", "category_code", "valid_from", "valid_to"]
    list_select_related = ["unit", "person", "subject", "area", "district"]
    autocomplete_fields = ["unit", "person", "subject", "area"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = actions.create_duty(
            district=obj.unit.district_id,
            unit=obj.unit_id,
            person=obj.person_id,
            subject=obj.subject_id,
            area=obj.area_id,
            category=obj.category_code,
            valid_from=obj.valid_from,
            valid_to=obj.valid_to,
        )

    def end(self, row: Duty, on: date) -> None:
        actions.end_duty(duty=row.pk, on=on)


# ---- Working time ----


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin[Holiday]):
    list_display = ["day", "working", "note", "edited", "district"]
    list_filter = ["district", "working", "edited"]
    list_select_related = ["district"]
    date_hierarchy = "day"
    ordering = ["-day"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.edited = True
        super().save_model(request, obj, form, change)


@admin.register(CalendarYear)
class CalendarYearAdmin(admin.ModelAdmin[CalendarYear]):
    list_display = ["year", "district"]
    ordering = ["-year"]


@admin.register(TermRule)
class TermRuleAdmin(Dated):
    list_display = ["name", "hours", "working_days", "valid_from", "valid_to", "district"]
    list_select_related = ["district"]
    ordering = ["name", "-valid_from"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = actions.set_term(
            district=obj.district_id,
            name=obj.name,
            term=Term(obj.hours, obj.working_days),
            valid_from=obj.valid_from,
            valid_to=obj.valid_to,
        )

    def end(self, row: TermRule, on: date) -> None:
        actions.end_term(term=row.pk, on=on)
