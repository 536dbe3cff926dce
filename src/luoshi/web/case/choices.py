"""Lists to choose from, as a select shows them: grouped, in the language of the page."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from luoshi.cases.queries import AnswerInfo, CategoryInfo
from luoshi.registry.queries import AreaInfo, PersonInfo, SubjectInfo, UnitInfo
from luoshi.registry.words import UNIT_KINDS

Label = StrOrPromise
Choice = tuple[str, Label]
Choices = list[Choice | tuple[Label, list[Choice]]]
T = TypeVar("T")

FIELDS: dict[str, Label] = {
    "inspection": _("Inspection and residents' reports"),
    "markets": _("Food markets"),
    "finance": _("Financial risks"),
    "preschools": _("Preschools"),
    "assistance": _("Paired assistance"),
    "information": _("Public information"),
}
EMPTY: Choice = ("", gettext_lazy("(please choose)"))


def language() -> str:
    return get_language() or "zh-hans"


def units(found: Iterable[UnitInfo], *, without: Iterable[int | None] = ()) -> Choices:
    """Units by kind; `without` leaves out those that cannot be meant."""
    out = set(without)
    wanted = [unit for unit in found if unit.id not in out]
    return [EMPTY, *_grouped(wanted, lambda u: _kind(u.kind), lambda u: (str(u.id), unit_name(u)))]


def categories(found: Iterable[CategoryInfo]) -> Choices:
    """Categories by field."""
    return [
        EMPTY,
        *_grouped(
            found,
            lambda c: str(FIELDS.get(c.field, c.field)),
            lambda c: (c.code, c.label(language())),
        ),
    ]


def areas(found: Iterable[AreaInfo]) -> Choices:
    """Streets, each with its communities; the street itself comes first in its group."""
    rows = list(found)
    streets = [area for area in rows if area.parent is None]
    shown: Choices = [("", _("(not known)"))]
    for street in streets:
        inner: list[Choice] = [(str(a.id), a.name) for a in rows if a.parent == street.id]
        whole = gettext("%(street)s (whole street)") % {"street": street.name}
        shown.append((street.name, [(str(street.id), whole), *inner]))
    return shown


def subjects(found: Iterable[SubjectInfo]) -> Choices:
    rows = {subject.id: subject for subject in found}
    named: list[Choice] = [(str(s.id), _subject_name(s)) for s in rows.values()]
    return [("", _("(none of these)")), *named]


def people(found: Iterable[PersonInfo]) -> Choices:
    return [EMPTY, *((str(person.id), person.name) for person in found)]


def answers(found: Iterable[AnswerInfo]) -> Choices:
    return [EMPTY, *((answer.code, answer.label(language())) for answer in found)]


def unit_name(unit: UnitInfo) -> str:
    return unit.name_en if language().startswith("en") and unit.name_en else unit.name


def _kind(kind: str) -> str:
    return str(UNIT_KINDS.get(kind, kind))


def _subject_name(subject: SubjectInfo) -> str:
    return f"{subject.name} · {subject.address}" if subject.address else subject.name


def _grouped(
    found: Iterable[T], group: Callable[[T], str], choice: Callable[[T], Choice]
) -> Choices:
    groups: dict[str, list[Choice]] = {}
    for one in found:
        groups.setdefault(group(one), []).append(choice(one))
    return list(groups.items())
