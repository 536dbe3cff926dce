"""A phone without signal says itself what an answer still needs, as the rules would."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from luoshi.rules.expectations import BadAnswer, Given, judge_item

NEEDS = """async (cases) => {
  const { missing } = await import("/static/luoshi/phone/needs.js");
  return cases.map(([question, given]) => missing(question, given));
}"""
CHOICES = [{"code": "a", "met": True}, {"code": "b", "met": False}, {"code": "c"}]
KINDS: tuple[dict[str, Any], ...] = (
    {"type": "yesno"},
    {"type": "text"},
    {"type": "number"},
    {"type": "number", "min": 0, "max": 10},
    {"type": "number", "max": 3.5},
    {"type": "choice", "choices": CHOICES},
)
WHEN = ("none", "unmet", "always")


def specs() -> Iterator[dict[str, Any]]:
    for kind, photo, text in product(KINDS, WHEN, WHEN):
        yield {**kind, "photo": photo, "text": text, "na": True}


def answers(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    numbers = ("", "0", "-1", "3.5", "10", "11") if spec["type"] == "number" else ("",)
    choices = ("", "a", "b", "c") if spec["type"] == "choice" else ("",)
    results = ("", "met", "unmet", "na")
    for number, choice, result, text, pictures in product(
        numbers, choices, results, ("", "x"), (0, 1)
    ):
        yield {
            "number": number, "choice": choice, "result": result, "text": text,
            "pictures": pictures,
        }  # fmt: skip


def by_the_rules(spec: dict[str, Any], answer: dict[str, Any]) -> str:
    if not any(answer.values()):
        return ""  # untouched: no answer
    given = Given(
        result=answer["result"] or None,
        number=float(answer["number"]) if answer["number"] else None,
        choice=answer["choice"] or None,
        text=bool(answer["text"]),
        pictures=answer["pictures"],
    )
    try:
        judge_item(spec, given)
    except BadAnswer as bad:
        return bad.code
    return ""


def on_the_page(spec: dict[str, Any]) -> dict[str, str]:
    """What the template writes beside a question."""
    choices = spec.get("choices", [])
    return {
        **{name: str(spec[name]) for name in ("type", "photo", "text", "min", "max")
           if name in spec},
        "bad": "".join(f"{one['code']} " for one in choices if one.get("met") is False),
        "open": "".join(f"{one['code']} " for one in choices if one.get("met") is None),
    }  # fmt: skip


def test_what_an_answer_needs_is_the_same_on_the_phone(page: Page, live_server: LiveServer) -> None:
    cases = [(spec, answer) for spec in specs() for answer in answers(spec)]
    page.goto("/help/")
    said = page.evaluate(NEEDS, [[on_the_page(spec), answer] for spec, answer in cases])
    wrong = [
        (spec, answer, phone)
        for (spec, answer), phone in zip(cases, said, strict=True)
        if phone != by_the_rules(spec, answer)
    ]
    assert len(cases) > 1000
    assert not wrong, wrong[:3]
