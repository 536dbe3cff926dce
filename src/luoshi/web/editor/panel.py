"""What can be done with a notice now, and doing it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.publication import actions
from luoshi.publication.queries import Work
from luoshi.web import formats
from luoshi.web.editor import forms
from luoshi.web.parts import Action

FORMS: Mapping[str, type[Form]] = {
    "publish": forms.Publish,
    "schedule": forms.Schedule,
    "withdraw": forms.Withdraw,
    "discard": forms.Discard,
}
COMMANDS = ("publish", "schedule", "unschedule", "correct", "withdraw", "discard")
STEPS: Mapping[str, str | Promise] = {
    "published": gettext_lazy("Published"),
    "corrected": gettext_lazy("Corrected"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "over": gettext_lazy("Over"),
}


def form(command: str, data: Any) -> Form | None:
    """As it was sent; None for a command that is one button."""
    kind = FORMS.get(command)
    return kind(data, auto_id=f"{command}_%s") if kind else None


def possible(work: Work, *, sound: bool, failed: Mapping[str, Form]) -> list[Action]:
    """`failed`: forms that were refused, which stay open."""
    draft = _draft(work, sound, failed) if work.draft else []
    return [*draft, *_public(work, failed)]


def _draft(work: Work, sound: bool, failed: Mapping[str, Form]) -> list[Action]:
    again = bool(work.line.version)
    unsound = "" if sound else _("First put right what is listed above.")
    seen = {"rev": work.rev, "draft": work.draft}
    found = [
        Action(
            name="edit",
            label=_("Go on writing"),
            url=reverse("editor:edit", args=[work.line.id]),
            link=True,
            kind="plain" if sound else "main",
        ),
        _action(
            work,
            "publish",
            _("Publish the correction") if again else _("Publish now"),
            failed,
            seen,
            reason=unsound,
            help=_("What is published stays readable for good, and every figure with its rows."),
            kind="main",
        ),
    ]
    if work.line.publish_at:
        found.append(_action(work, "unschedule", _("Take off the schedule"), failed, seen))
    else:
        found.append(_action(work, "schedule", _("Publish later"), failed, seen, reason=unsound))
    label = _("Throw the correction away") if again else _("Throw the draft away")
    return [*found, _action(work, "discard", label, failed, seen, kind="bad")]


def _public(work: Work, failed: Mapping[str, Form]) -> list[Action]:
    found, status = list[Action](), work.line.status
    if status in ("published", "over") and not work.draft:
        help = _("Begins a new version; readers see what was changed and why.")
        found.append(_action(work, "correct", _("Correct"), failed, {}, help=help, kind="main"))
    if status in ("published", "over"):
        help = _("The page stays at its address and says so. This cannot be undone.")
        found.append(_action(work, "withdraw", _("Withdraw"), failed, {}, help=help, kind="bad"))
    return found


def _action(
    work: Work,
    name: str,
    label: str,
    failed: Mapping[str, Form],
    seen: Mapping[str, Any],
    *,
    reason: str = "",
    help: str = "",
    kind: Any = "plain",
) -> Action:
    made = failed.get(name)
    if made is None and name in FORMS:
        made = FORMS[name](initial=dict(seen), auto_id=f"{name}_%s")
    return Action(
        name=name,
        label=label,
        url=reverse("editor:do", args=[work.line.id, name]),
        allowed=not reason,
        reason=reason,
        help=help,
        form=made,
        kind=kind,
        open=name in failed,
    )


def run(
    command: str,
    work: Work,
    data: Mapping[str, Any],
    *,
    district: int,
    person: int,
    now: datetime,
) -> tuple[str, str]:
    """What to say, and where to go. Raises what the actions raise."""
    here = reverse("editor:show", args=[work.line.id])
    common: dict[str, Any] = {
        "district": district, "publication": work.line.id, "person": person, "now": now,
    }  # fmt: skip
    if command == "publish":
        done = actions.publish(draft=data["draft"], rev=data["rev"], **common)
        return _("Published as version %(n)s.") % {"n": done.version}, here
    if command == "schedule":
        actions.schedule(rev=data["rev"], publish_at=data["publish_at"], **common)
        at = formats.datetime(data["publish_at"])
        return _("It will be published: %(at)s.") % {"at": at}, here
    if command == "unschedule":
        actions.unschedule(**common)
        return _("Taken off the schedule."), here
    if command == "correct":
        actions.correct(**common)
        return _("Correct the text and say why."), reverse("editor:edit", args=[work.line.id])
    if command == "withdraw":
        actions.withdraw(reason=data["reason"], reason_en=data["reason_en"], **common)
        return _("Withdrawn. The page says so."), here
    actions.discard(rev=data["rev"], **common)
    gone = not work.line.version
    return _("Thrown away."), reverse("editor:index") if gone else here
