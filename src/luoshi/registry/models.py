"""Areas, units, people with dated roles, duties and subjects: who and where, and since when.

Every span of validity is half-open: a fact holds on `valid_from` and on every later day before
`valid_to`, the first day on which it no longer holds (null: it holds until further notice).
Nothing that a case may refer to is ever deleted, hence PROTECT everywhere.
"""

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import PROTECT, CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from luoshi.registry import words

HELD_IN_ORDER = Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))


def one_of(first: str, second: str) -> Q:
    """Exactly one of two columns is filled (Q's own XOR would need a function of Django's)."""
    return Q((first, None), (f"{second}__isnull", False)) | Q(
        (second, None), (f"{first}__isnull", False)
    )


class District(models.Model):
    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    outline = models.JSONField(_("sketch outline (GeoJSON)"), null=True, blank=True)

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    district = models.ForeignKey(District, PROTECT, related_name="+", verbose_name=_("district"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=words.AREA_KINDS)
    parent = models.ForeignKey("self", PROTECT, null=True, blank=True, verbose_name=_("part of"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("no longer valid from"), null=True, blank=True)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        constraints = [
            UniqueConstraint(fields=["district", "code"], name="area_code_once"),
            CheckConstraint(condition=HELD_IN_ORDER, name="area_held_in_order"),
            CheckConstraint(condition=~Q(name=""), name="area_has_a_name"),
        ]
        indexes = [Index(fields=["district", "kind", "code"], name="area_by_kind")]

    def __str__(self) -> str:
        return self.name


class AreaCode(models.Model):
    """A code and name that an area, or the district itself (`area` null), had in former times."""

    district = models.ForeignKey(
        District, PROTECT, related_name="former", verbose_name=_("district")
    )
    area = models.ForeignKey(Area, PROTECT, null=True, blank=True, verbose_name=_("area"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("no longer valid from"))

    class Meta:
        verbose_name = _("former code")
        verbose_name_plural = _("former codes")
        constraints = [CheckConstraint(condition=HELD_IN_ORDER, name="code_held_in_order")]
        indexes = [Index(fields=["district", "code"], name="former_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Unit(models.Model):
    district = models.ForeignKey(District, PROTECT, related_name="+", verbose_name=_("district"))
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=words.UNIT_KINDS)
    parent = models.ForeignKey(
        "self", PROTECT, null=True, blank=True, related_name="branch", verbose_name=_("part of")
    )
    area = models.ForeignKey(Area, PROTECT, null=True, blank=True, verbose_name=_("area"))
    acts_for = models.ForeignKey(
        "self", PROTECT, null=True, blank=True, related_name="agents", verbose_name=_("acts for")
    )
    phone = models.CharField(_("telephone for the public"), max_length=40, blank=True, default="")
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [UniqueConstraint(fields=["district", "name"], name="unit_name_once")]
        indexes = [Index(fields=["district", "kind"], name="unit_by_kind")]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """What `createsuperuser` asks for."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(username=self.model.normalize_username(username), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, password: str | None, **fields: Any) -> "Person":
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. What he may do hangs on his roles, not on the permissions here."""

    username = models.CharField(
        _("login name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()]
    )
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=12, default="zh-hans")
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    absent_until = models.DateField(_("absent until (last day)"), null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class InForce(models.QuerySet[Any]):
    """Rows with a span of validity."""

    def on(self, day: date) -> Self:
        """Those that hold on that day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class RoleAssignment(models.Model):
    district = models.ForeignKey(District, PROTECT, related_name="+", verbose_name=_("district"))
    person = models.ForeignKey(Person, PROTECT, related_name="roles", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, PROTECT, related_name="roles", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=12, choices=words.ROLES)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("no longer valid from"), null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            UniqueConstraint(
                fields=["person", "unit", "role"], condition=Q(valid_to=None), name="role_open_once"
            ),
            CheckConstraint(condition=HELD_IN_ORDER, name="role_held_in_order"),
        ]
        indexes = [Index(fields=["district", "valid_from"], name="role_roster")]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()} · {self.unit}"


class Subject(models.Model):
    """A place or enterprise of which something is expected: an estate, a market, a restaurant."""

    district = models.ForeignKey(District, PROTECT, related_name="+", verbose_name=_("district"))
    kind = models.CharField(_("kind"), max_length=30)
    code = models.CharField(_("code in other registers"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    area = models.ForeignKey(Area, PROTECT, null=True, blank=True, verbose_name=_("area"))
    address = models.CharField(_("address"), max_length=200, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    operator = models.ForeignKey(
        Unit, PROTECT, null=True, blank=True, related_name="+", verbose_name=_("operator")
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        constraints = [
            CheckConstraint(condition=~Q(name=""), name="subject_has_a_name"),
            CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__isnull=False, lon__isnull=False),
                name="subject_lat_and_lon_or_neither",
            ),
            UniqueConstraint(
                fields=["district", "kind", "code"], condition=~Q(code=""), name="subject_code_once"
            ),
        ]
        indexes = [
            Index(fields=["district", "area", "kind"], name="subject_by_area"),
            Index(fields=["district", "lat", "lon"], name="subject_by_place"),
            Index(fields=["district", "kind", "id"], name="subject_by_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """Another name by which people call an area or a subject."""

    district = models.ForeignKey(District, PROTECT, related_name="+", verbose_name=_("district"))
    area = models.ForeignKey(Area, PROTECT, null=True, blank=True, verbose_name=_("area"))
    subject = models.ForeignKey(
        Subject, PROTECT, null=True, blank=True, related_name="aliases", verbose_name=_("subject")
    )
    text = models.CharField(_("text"), max_length=120)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        constraints = [
            CheckConstraint(condition=one_of("area", "subject"), name="alias_of_one_thing"),
            CheckConstraint(condition=~Q(text=""), name="alias_not_empty"),
            UniqueConstraint(fields=["area", "text"], name="alias_area_once"),
            UniqueConstraint(fields=["subject", "text"], name="alias_subject_once"),
        ]

    def __str__(self) -> str:
        return self.text


class Duty(models.Model):
    """Who answers for what: a unit, better a person in it, for a subject, an area or everywhere.

    An empty category means every category; "city.green" also covers "city.green.plots".
    """

    district = models.ForeignKey(District, PROTECT, related_name="+", verbose_name=_("district"))
    unit = models.ForeignKey(Unit, PROTECT, related_name="duties", verbose_name=_("unit"))
    person = models.ForeignKey(Person, PROTECT, null=True, blank=True, verbose_name=_("person"))
    subject = models.ForeignKey(Subject, PROTECT, null=True, blank=True, verbose_name=_("subject"))
    area = models.ForeignKey(Area, PROTECT, null=True, blank=True, verbose_name=_("area"))
    category_code = models.CharField(_("category"), max_length=80, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("no longer valid from"), null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            CheckConstraint(condition=HELD_IN_ORDER, name="duty_held_in_order"),
            CheckConstraint(
                condition=Q(subject=None) | Q(area=None), name="duty_for_subject_or_area"
            ),
        ]
        indexes = [Index(fields=["district", "subject", "area"], name="duty_by_object")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.subject or self.area or self.district}"


class Holiday(models.Model):
    """A day on which offices do not follow the week: closed on a weekday, open on a weekend."""

    district = models.ForeignKey(District, PROTECT, related_name="+", verbose_name=_("district"))
    day = models.DateField(_("day"))
    working = models.BooleanField(_("working day"))
    note = models.CharField(_("note"), max_length=80, blank=True)
    edited = models.BooleanField(_("set by hand"), default=True, editable=False)

    class Meta:
        verbose_name = _("holiday or exchanged working day")
        verbose_name_plural = _("holidays and exchanged working days")
        constraints = [UniqueConstraint(fields=["district", "day"], name="holiday_once")]

    def __str__(self) -> str:
        return self.day.isoformat()


class CalendarYear(models.Model):
    """A year whose holidays are complete.

    A fact of its own: one day entered by hand does not make a year known, and deadlines in a year
    that is not known say that holidays were guessed.
    """

    district = models.ForeignKey(District, PROTECT, related_name="+", verbose_name=_("district"))
    year = models.PositiveSmallIntegerField(_("year"))

    class Meta:
        verbose_name = _("complete calendar year")
        verbose_name_plural = _("complete calendar years")
        constraints = [UniqueConstraint(fields=["district", "year"], name="year_once")]

    def __str__(self) -> str:
        return str(self.year)


class TermRule(models.Model):
    """A term that differs from the usual one, from a day on or for a while.

    Of several that hold on a day the one that began last counts, so a rule for a typhoon season
    lies over the standing one and gives way to it again.
    """

    district = models.ForeignKey(District, PROTECT, related_name="+", verbose_name=_("district"))
    name = models.CharField(_("urgency or step"), max_length=30, choices=words.TERM_NAMES)
    hours = models.PositiveIntegerField(_("hours"), null=True, blank=True)
    working_days = models.PositiveIntegerField(_("working days"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("no longer valid from"), null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            UniqueConstraint(fields=["district", "name", "valid_from"], name="term_once"),
            CheckConstraint(condition=one_of("hours", "working_days"), name="term_has_one_measure"),
            CheckConstraint(
                condition=Q(hours__gte=1) | Q(working_days__gte=1), name="term_at_least_one"
            ),
            CheckConstraint(condition=HELD_IN_ORDER, name="term_held_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_name_display()} {self.valid_from.isoformat()}"
