"""The fields for one look at one thing that is expected: at a check, and when a case is verified.

Fields of the expectation 7 are called look_7_result, look_7_number and so on; those of a case,
in which the same may be broken in several places, name the subject too: look_7_12_result.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.expectations import queries
from luoshi.expectations.actions import AnswersRefused, Said
from luoshi.expectations.queries import Demand
from luoshi.expectations.queries.facts import spoken
from luoshi.expectations.wording import RESULT
from luoshi.registry import queries as registry
from luoshi.rules.expectations import Method
from luoshi.web.camera import CameraInput
from luoshi.web.case.choices import Label
from luoshi.web.case.fields import PicturesField, Radios

PARTS = ("result", "number", "choice", "text", "pictures")
LONGEST = 1000

BAD: Mapping[str, tuple[str, Label]] = {
    "answer_missing": ("result", _("Say whether this is met or unmet.")),
    "answer_unknown": ("result", _("Say whether this is met or unmet.")),
    "na_not_allowed": ("result", _("This always applies: say whether it is met or unmet.")),
    "number_missing": ("number", _("Enter the number.")),
    "number_bad": ("number", _("Enter a number in digits.")),
    "choice_missing": ("choice", _("Choose one of the answers.")),
    "choice_unknown": ("choice", _("Choose one of the answers.")),
    "photo_missing": ("pictures", _("Take a picture of it.")),
    "text_missing": ("text", _("Write what you saw.")),
    "not_expected": ("result", _("This is no longer asked here: open the page again.")),
    "not_a_question": ("result", _("This is reported, not looked at.")),
}
"""For each code of BadAnswer the field it stands beside, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One thing that was found: either asked of a person, or what its rule says now."""

    demand: Demand
    subject: int
    place: str
    result: str = ""  # what its rule says now, and why
    reason: str = ""

    @property
    def asks(self) -> bool:
        return self.demand.method == Method.ITEM

    @property
    def start(self) -> str:
        return prefix(self.demand, self.subject)


def blocks(case: int, *, now: datetime) -> list[Block]:
    """What the next check of a case is about; empty for a case without findings."""
    broken = queries.broken_now(case, now=now)
    if not broken:
        return []
    called = registry.subject_names({one.subject for one in broken})
    return [
        Block(
            demand=one.demand,
            subject=one.subject,
            place=called.get(one.subject, "—"),
            result=one.result,
            reason=one.reason,
        )
        for one in broken
    ]


Asked = tuple[Demand, int | None]
"""What is asked, and of which subject where a form is about several."""


def prefix(demand: Demand, subject: int | None = None) -> str:
    return f"look_{demand.id}_" if subject is None else f"look_{demand.id}_{subject}_"


def question(demand: Demand) -> str:
    """What is asked, in the reader's language."""
    spec = demand.spec
    return spoken(spec.get("question", ""), spec.get("question_en", "")) or demand.title


def put_fields(form: forms.Form, demand: Demand, subject: int | None = None) -> None:
    """None is required here: what must be there the rules know, and say it beside the field."""
    spec, start = demand.spec, prefix(demand, subject)
    if spec["type"] == "number":
        form.fields[start + "number"] = _number(demand)
    if spec["type"] == "choice":
        form.fields[start + "choice"] = _choice(demand)
    form.fields[start + "result"] = _result(demand)
    form.fields[start + "text"] = _text(spec.get("text", "none"))
    form.fields[start + "pictures"] = _pictures(spec.get("photo", "none"))


def _number(demand: Demand) -> forms.Field:
    limits = [
        str(text) % {"limit": demand.spec[key]}
        for key, text in (("min", _("at least %(limit)s")), ("max", _("at most %(limit)s")))
        if demand.spec.get(key) is not None
    ]
    field = forms.FloatField(
        label=_("Measured value"),
        required=False,
        help_text=" · ".join([*limits, demand.spec.get("unit") or ""]).strip(" ·"),
        error_messages={"invalid": BAD["number_bad"][1]},
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )
    return _unmarked(field)


def _choice(demand: Demand) -> forms.Field:
    found = [(c["code"], spoken(c["name"], c.get("name_en", ""))) for c in demand.spec["choices"]]
    return Radios(label=_("What is there"), choices=found, required=False)


def _result(demand: Demand) -> forms.Field:
    results = ("met", "unmet", "na") if demand.spec.get("na") else ("met", "unmet")
    label = _("Your judgement") if demand.spec["type"] in {"number", "choice"} else _("How is it?")
    field = Radios(label=label, choices=[(one, RESULT[one]) for one in results], required=False)
    if demand.spec["type"] in {"number", "choice"}:
        field.help_text = _("Needed only when it is worse than the answer above says.")
    return field


def _text(when: str) -> forms.Field:
    field = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NEEDED.get(when, ""),
    )
    return _unmarked(field)


def _pictures(when: str) -> forms.Field:
    field = PicturesField(label=_("Pictures"))
    field.needed(NEEDED.get(when, ""))
    field.widget = CameraInput()  # type: ignore[assignment]
    return field


def _unmarked(field: forms.Field) -> forms.Field:
    """Whether it is needed depends on the answer, so that it is not called optional."""
    field.marked = False  # type: ignore[attr-defined]
    return field


NEEDED: Mapping[str, Label] = {
    "unmet": _("Needed when it is unmet."),
    "always": _("Needed in any case."),
}


def said(form: forms.Form, asked: Iterable[Asked]) -> list[Said]:
    """The answers of a valid form; what was left untouched is no answer."""
    found = []
    for demand, subject in asked:
        start = prefix(demand, subject)
        given = {part: form.cleaned_data.get(start + part) for part in PARTS}
        if given["number"] is None and not any(v for k, v in given.items() if k != "number"):
            continue
        found.append(
            Said(
                expectation=demand.code,
                subject=subject,
                result=given["result"] or None,
                number=given["number"],
                choice=given["choice"] or None,
                text=given["text"] or "",
                pictures=[upload.read() for upload in given["pictures"] or ()],
            )
        )
    return found


def tell(form: forms.Form, asked: Iterable[Asked], refused: AnswersRefused) -> None:
    """Each error beside its field."""
    starts = {
        demand.code: prefix(demand, subject)
        for demand, subject in asked
        if subject in (None, refused.subject)
    }
    for code, bad in refused.errors.items():
        part, sentence = BAD.get(bad.code, BAD["answer_missing"])
        name = starts[code] + part if code in starts else None
        form.add_error(name if name in form.fields else None, sentence)


def asked(form: forms.Form) -> list[Asked]:
    """What the form of a verification asks of a person."""
    blocks: Sequence[Block] = getattr(form, "asked", ())
    return [(block.demand, block.subject) for block in blocks if block.asks]
