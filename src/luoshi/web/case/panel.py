"""What a person may do on a case now: allowed commands as forms, the others with the reason."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from luoshi.cases.wording import refusal
from luoshi.rules.state import Due
from luoshi.web.case import forms, forms_desk, forms_family
from luoshi.web.case.about import About
from luoshi.web.case.choices import Label
from luoshi.web.case.forms import CommandForm

FORMS: Mapping[str, type[CommandForm]] = {
    form.command: form
    for form in (
        forms_desk.Dispatch,
        forms.Acknowledge,
        forms.Open,
        forms.Verify,
        forms_desk.Rule,
        forms_desk.DecideExtension,
        forms.CheckSample,
        forms.Claim,
        forms.Contact,
        forms.Ask,
        forms.Note,
        forms.HandOver,
        forms_desk.Assign,
        forms_desk.Answer,
        forms_desk.Decline,
        forms_desk.Classify,
        forms_desk.Transfer,
        forms_family.Split,
        forms_family.Merge,
        forms_family.Unmerge,
        forms_desk.DeclineReturn,
        forms.Inspect,
        forms.AskExtension,
        forms.WithdrawExtension,
        forms.Return,
        forms.WithdrawClaim,
        forms.Recuse,
        forms.Conclude,
        forms.Defer,
        forms.Resume,
        forms.Escalate,
        forms.LiftAccusation,
        forms.Reopen,
    )
}
"""Every command that a member of staff gives by a form, the likely ones first."""

LIKELY = frozenset(
    {"dispatch", "acknowledge", "open", "verify", "rule", "decide_extension", "check_sample",
     "claim", "inspect", "conclude", "resume"}
)  # fmt: skip
"""What somebody usually comes for: the first of these stands open."""

GRAVE = frozenset({"decline", "decline_return", "conclude", "return", "recuse"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A command that may be given now. A form without fields is one button."""

    command: str
    label: Label
    url: str
    form: CommandForm
    seen: int
    next: str
    open: bool
    grave: bool
    refused: str = ""  # why it was refused just now; `form` then holds what was typed


@dataclass(frozen=True, slots=True)
class Barred:
    """A command of the person's part that is not possible now, and why."""

    label: Label
    reason: str


@dataclass(frozen=True, slots=True)
class Panel:
    offers: tuple[Offer, ...]
    barred: tuple[Barred, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A command that was just refused: its sentence, and the form with what was typed."""

    command: str
    sentence: str
    form: CommandForm
    status: int


def possible(about: About) -> dict[str, str | None]:
    """As the rules say, with the desk's one step in place of the second of its two."""
    found = dict(about.page.possible)
    if found.get("classify", "no") is None:
        found["dispatch"] = None
        if found.get("assign"):
            del found["assign"]
    return found


def panel(
    about: About,
    *,
    only: Collection[str] = (),
    next: str = "",
    refused: Refusal | None = None,
    likely: str = "",
) -> Panel:
    """The panel of a case for the person of `about`.

    `only` keeps some commands (all without), `next` is the relative address to go to after a
    success (the case page without), `likely` the command whose form stands open.
    """
    found = possible(about)
    wanted = [kind for kind in FORMS if kind in found and (not only or kind in only)]
    ready = [kind for kind in wanted if found[kind] is None]
    first = likely or _likely(about, ready)
    offers = tuple(_offer(about, kind, kind == first, next, refused) for kind in ready)
    barred = tuple(
        Barred(forms.label(kind), refusal(reason)) for kind in wanted if (reason := found[kind])
    )
    return Panel(offers, barred)


def _likely(about: About, ready: list[str]) -> str:
    if about.state.due is Due.CONTACT and "contact" in ready:
        return "contact"
    return next((kind for kind in ready if kind in LIKELY), "")


def _offer(about: About, kind: str, open: bool, next: str, refused: Refusal | None) -> Offer:
    mine = refused if refused and refused.command == kind else None
    return Offer(
        command=kind,
        label=forms.label(kind),
        url=reverse("case:do", args=[about.case, kind]),
        form=mine.form if mine else FORMS[kind](about),
        seen=about.page.line.seq,
        next=next,
        open=bool(mine) if refused else open,
        grave=kind in GRAVE,
        refused=mine.sentence if mine else "",
    )


def kept(form: CommandForm) -> list[tuple[Label, Any]]:
    """What was typed into a form, in words, for a page on which the form has no place any more."""
    rows: list[tuple[Label, Any]] = []
    for field in form:
        value = field.value()
        if not value or field.name == "pictures":
            continue
        options = getattr(field.field, "choices", None)
        rows.append((field.label, _named(options, value) if options else value))
    return rows


def _named(options: Any, value: Any) -> str:
    names: dict[str, str] = {}
    for code, label in options:
        inner = label if isinstance(label, list | tuple) else [(code, label)]
        names.update((str(one), str(name)) for one, name in inner)
    chosen = value if isinstance(value, list | tuple) else [value]
    return ", ".join(names.get(str(one), str(one)) for one in chosen)
