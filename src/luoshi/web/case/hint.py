"""What earlier cases suggest, in words for the form of whoever triages. It marks nothing itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.cases.suggest import Said
from luoshi.web.case import choices
from luoshi.web.case.about import About
from luoshi.web.case.choices import Label

SILENT: Mapping[str, Label] = {
    "vague": gettext_lazy("earlier cases do not tell the categories apart surely enough yet"),
    "short": gettext_lazy("the words are too few"),
    "strange": gettext_lazy("earlier cases know few of these words"),
    "unsure": gettext_lazy("earlier cases with such words went different ways"),
    "gone": gettext_lazy("the category that fits is not in use any more"),
}


@dataclass(frozen=True, slots=True)
class Quick:
    """A category to choose with one key."""

    key: int
    code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """`silent` says why no category is suggested. `owner_too`: the duty list names nobody, so that
    whoever takes the suggestion takes the owner with it; else he has a button of his own."""

    category: str = ""
    label: str = ""
    words: tuple[str, ...] = ()
    silent: str = ""
    owner: int | None = None
    owner_name: str = ""
    owner_words: tuple[str, ...] = ()
    owner_too: bool = False
    quick: tuple[Quick, ...] = ()


def hint(about: About) -> Hint | None:
    """None where nothing was learned yet, and for what is sealed."""
    found = about.suggestion
    if found is None or found.category.why == "none":
        return None
    labels = {one.code: one.label(choices.language()) for one in about.categories}
    category = found.category.value if found.category.value in labels else ""
    duty = about.duty(
        category=category or about.guess, area=about.match.area, subject=about.match.subject
    )
    owner = _owner(about, found.owner)
    if owner and duty and duty[0] == owner:
        owner = None  # the duty list says so already
    names = {unit.id: choices.unit_name(unit) for unit in about.units}
    return Hint(
        category=category,
        label=labels.get(category, ""),
        words=found.category.words if category else (),
        silent="" if category else _silent(found.category),
        owner=owner,
        owner_name=names.get(owner or 0, ""),
        owner_words=found.owner.words,
        owner_too=bool(owner and not duty),
        quick=tuple(
            Quick(n, code, labels[code])
            for n, code in enumerate((c for c in found.category.nearest if c in labels), 1)
        ),
    )


def _owner(about: About, said: Said) -> int | None:
    """A unit that can be chosen here."""
    unit = int(said.value) if said.value.isdigit() else 0
    known = {one.id for one in about.units} - about.state.accused
    return unit if unit in known else None


def _silent(said: Said) -> str:
    if said.why == "few":
        return _("Not enough history yet for suggestions: %(n)s of %(needed)s settled cases.") % {
            "n": said.examples,
            "needed": said.needed,
        }
    return _("No suggestion: %(why)s.") % {"why": SILENT[said.why or "gone"]}
