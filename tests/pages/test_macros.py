"""The macros say in words what they show in colour, and tie errors to their fields."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.utils import translation
from jinja2 import UndefinedError

from luoshi.rules.state import Due, Extension, Resolution, Status, Tier, Verdict
from luoshi.web import words
from luoshi.web.parts import Action, Entry, Picture, Tab

NOW = datetime(2026, 5, 20, 1, 30, tzinfo=UTC)


class Sample(forms.Form):
    reason = forms.CharField(help_text="Say why.")
    way = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    sure = forms.BooleanField()
    note = forms.CharField(required=False)
    picture = forms.FileField(required=False)


def draw(source: str, **context: Any) -> str:
    with translation.override("en"):
        return str(engines["jinja2"].from_string(source).render({"now": NOW, **context}))


@pytest.mark.parametrize(
    ("codes", "texts"),
    [
        (Status, words.STATUS),
        (Resolution, words.RESOLUTION),
        (Due, words.DUE),
        (Tier, words.TIER),
        (Verdict, words.VERDICT),
    ],
)
def test_every_code_of_the_rules_has_a_word(codes: Any, texts: words.Words) -> None:
    assert {code.value for code in codes} == set(texts)
    assert len(Extension)  # the extension is told in the timeline, not as a mark


def test_a_closed_case_says_how_it_ended() -> None:
    drawn = draw("{{ ui.status_badge('closed', 'unverified') }}")
    assert ">Closed: Unverified old record<" in drawn
    assert ">Being handled<" in draw("{{ ui.status_badge('handling') }}")


@pytest.mark.parametrize(
    ("hours", "said", "look"),
    [
        (72, "In time: 3 days left", "chip-good"),
        (5, "Due soon: 5 hours left", "chip-warn"),
        (-5, "5 hours overdue", "chip-bad"),
    ],
)
def test_a_deadline_has_its_colour_in_words_and_the_time_left(
    hours: int, said: str, look: str
) -> None:
    chip = draw("{{ ui.deadline_chip(at, now, 'handling') }}", at=NOW + timedelta(hours=hours))
    assert "<b>Handling</b>" in chip
    assert said in chip
    assert look in chip


def test_no_deadline_is_said_too() -> None:
    assert "no deadline" in draw("{{ ui.deadline_chip(None, now) }}")


def test_a_forbidden_action_is_shown_with_its_reason_and_without_a_button() -> None:
    actions = [
        Action(name="note", label="Note", url="/note/", form=Sample(auto_id="note_%s")),
        Action(name="close", label="Close", url="/close/", allowed=False, reason="Not verified."),
    ]
    panel = draw("{{ forms.action_panel(actions, 'TOKEN') }}", actions=actions)
    assert 'action="/note/"' in panel
    assert "TOKEN" in panel
    assert 'enctype="multipart/form-data"' in panel
    assert "Close" in panel
    assert "Not verified." in panel
    assert "/close/" not in panel


def test_an_action_without_a_form_posts_what_it_must() -> None:
    action = Action(name="ack", label="Acknowledge", url="/ack/", hidden={"seq": "7"})
    panel = draw("{{ forms.action_panel([action], 'TOKEN') }}", action=action)
    assert '<form method="post" action="/ack/"' in panel
    assert '<input type="hidden" name="seq" value="7">' in panel


def test_an_error_stands_at_its_field_and_is_tied_to_it() -> None:
    form = Sample({"reason": "", "way": "z"})
    drawn = draw("{{ forms.errors(form) }}{{ forms.fields(form) }}", form=form)
    assert 'aria-invalid="true"' in drawn
    assert 'aria-describedby="id_reason_helptext id_reason_error"' in drawn
    assert '<ul class="error" id="id_reason_error">' in drawn
    assert '<a href="#id_reason">Reason</a>: This field is required.' in drawn
    assert '<fieldset class="field field-bad" aria-describedby="id_way_error">' in drawn


def test_required_and_optional_fields_are_marked_in_words() -> None:
    drawn = draw("{{ forms.field(form['reason']) }}|{{ forms.field(form['note']) }}", form=Sample())
    needed, free = drawn.split("|")
    assert "(required)" in needed
    assert "(optional)" in free


def test_each_label_leads_to_its_input() -> None:
    drawn = draw("{{ forms.fields(form) }}", form=Sample())
    for name in ("reason", "note", "picture"):
        assert f'for="id_{name}"' in drawn
        assert f'id="id_{name}"' in drawn


def test_what_somebody_wrote_is_never_markup() -> None:
    entry = Entry(at=NOW, title="<b>x</b>", said="<script>", text="<i>")
    drawn = draw("{{ ui.timeline([entry]) }}{{ ui.alert('bad', '<u>') }}", entry=entry)
    for wrong in ("<b>x", "<script", "<i>", "<u>"):
        assert wrong not in drawn


def test_a_table_names_each_cell_for_the_phone() -> None:
    drawn = draw("{{ ui.table(['No', 'Due'], [['1', 'soon']], caption='Cases') }}")
    assert '<td data-label="Due"' in drawn
    assert "<caption>Cases</caption>" in drawn


def test_pictures_have_words() -> None:
    picture = Picture(url="/p/1", alt="Vegetable beds on the green", caption="By the verifier")
    drawn = draw("{{ ui.picture_grid([picture]) }}", picture=picture)
    assert 'alt="Vegetable beds on the green"' in drawn
    assert "By the verifier" in drawn


def test_a_list_is_paged_by_key_and_the_open_tab_is_marked() -> None:
    drawn = draw(
        "{{ ui.pagination_keyset(None, '?after=9') }}{{ ui.pagination_keyset(None, None) }}"
    )
    assert drawn.count("<nav") == 1
    assert 'rel="next" href="?after=9"' in drawn
    tab = Tab(label="Open", url="?", current=True, count=3)
    assert 'aria-current="page"' in draw("{{ ui.tabs([tab], 'Cases') }}", tab=tab)


def test_a_qr_code_is_drawn_without_inline_style_and_with_words() -> None:
    drawn = draw("{{ ui.qr('https://report.example/t/', 'Check my report') }}")
    assert "<svg" in drawn
    assert "style=" not in drawn
    assert 'aria-label="Check my report"' in drawn


def test_a_misspelt_name_fails_instead_of_printing_nothing() -> None:
    with pytest.raises(UndefinedError):
        draw("{{ casse.number }}")
    with pytest.raises(UndefinedError):
        draw("{{ missing }}")
    assert draw("{% if missing %}yes{% else %}no{% endif %}") == "no"
