"""Every command that staff give, through its form on the page of the case."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from luoshi.cases import actions, catalogue, queries
from luoshi.cases.actions import Actor, Command
from luoshi.cases.models import CaseEvent
from luoshi.infra import files
from luoshi.registry import actions as registry
from luoshi.web.case.panel import FORMS
from tests import cast as casting
from tests.cast import Cast
from tests.pages.giving import fill, form_of, give, has_form, upload
from tests.pages.rooms import body, enter

DAY = timedelta(days=1)
Setting = Callable[[Cast, datetime], int]


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.SAMPLE_PERCENT = 100
    built = casting.build()
    for kind in ("answer", "decline"):
        catalogue.put_answer(
            district=built.district,
            code=f"{kind}.one",
            kind=kind,
            title=f"{kind} 甲",
            title_en=f"{kind} one",
            text=f"text of the {kind}",
        )
    return built


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


def kinds(case: int) -> list[str]:
    found = CaseEvent.objects.filter(case=case).order_by("seq")
    return list(found.values_list("kind", flat=True))


# ---- Where a case can stand ----


def new(cast: Cast, now: datetime) -> int:
    return cast.report(now).case


def classified(cast: Cast, now: datetime) -> int:
    case = new(cast, now)
    cast.do("desk1", case, "classify", now, category="estate.parking")
    return case


def assigned(cast: Cast, now: datetime) -> int:
    case = classified(cast, now)
    cast.do("desk1", case, "assign", now, owner=cast.units["community"])
    return case


def handling(cast: Cast, now: datetime) -> int:
    return cast.handling(now)


def asked_for_time(cast: Cast, now: datetime) -> int:
    case = cast.handling(now)
    cast.do("community1", case, "ask_extension", now, days=3, text="雨天")
    return case


def refused_time(cast: Cast, now: datetime) -> int:
    case = asked_for_time(cast, now)
    cast.do("desk1", case, "decide_extension", now, granted=False, text="不必")
    return case


def deferred(cast: Cast, now: datetime) -> int:
    case = refused_time(cast, now)
    review = (now + 20 * DAY).isoformat()
    cast.do("leader2", case, "defer", now, review_at=review, text="等雨季过去")
    return case


def returned(cast: Cast, now: datetime) -> int:
    case = assigned(cast, now)
    right = cast.units["garden"]
    cast.do("community1", case, "return", now, right_unit=right, text="属园林")
    return case


def claimed(cast: Cast, now: datetime) -> int:
    case, who = cast.claimed(now)
    become(cast, "verifier", who)
    return case


def opened(cast: Cast, now: datetime) -> int:
    case = claimed(cast, now)
    cast.do("verifier", case, "open", now)
    return case


def twice_unsolved(cast: Cast, now: datetime) -> int:
    report = cast.report(now)
    case = report.case
    cast.do("desk1", case, "classify", now, category="estate.parking")
    cast.do("desk1", case, "assign", now, owner=cast.units["community"])
    cast.do("community1", case, "acknowledge", now)
    for _ in range(2):
        who = cast.name_of(cast.claim("community1", case, now).state.verifier)
        cast.do(who, case, "open", now)
        cast.do(who, case, "verify", now, passed=True, text="好", pictures=[casting.photo()])
        no = Command("verdict", {"solved": False})
        actions.act(case=case, command=no, actor=Actor(report=report.report), now=now, text="没有")
    return case


def answered(cast: Cast, now: datetime) -> int:
    case = new(cast, now)
    state = cast.do("desk1", case, "answer", now, text="答复").state
    become(cast, "sampler", cast.name_of(state.sampler))
    return case


def accusing(cast: Cast, now: datetime) -> int:
    return cast.report(now, accused=(cast.units["garden"],)).case


def older_and_merged(cast: Cast, now: datetime) -> int:
    older = new(cast, now - DAY)
    case = new(cast, now)
    actions.merge(case=case, target=older, actor=cast.actor("desk1"), now=now)
    return case


def become(cast: Cast, alias: str, name: str) -> None:
    """Whoever was drawn gets a name under which the tests know him."""
    cast.people[alias] = cast.people[name]


GIVEN: list[tuple[str, Setting, str, dict[str, Any], str]] = [
    # command, where the case stands, who, what he types, what happened
    ("classify", new, "desk1", {"category": "estate.green", "text": "损绿"}, "classified"),
    ("dispatch", new, "desk1", {"category": "estate.green", "owner": "garden"}, "assigned"),
    ("assign", classified, "desk1", {"owner": "garden"}, "assigned"),
    ("answer", new, "desk1", {"answer": "answer.one"}, "answered"),
    ("decline", new, "desk1", {"reason": "decline.one", "text": "请找法院"}, "declined"),
    ("check_sample", answered, "sampler", {"right": "yes"}, "sample_checked"),
    ("transfer", handling, "desk1", {"owner": "garden", "text": "属园林"}, "transferred"),
    ("unmerge", older_and_merged, "desk1", {"text": "不是一回事"}, "unmerged"),
    ("acknowledge", assigned, "community1", {"person": "community2"}, "acknowledged"),
    ("hand_over", handling, "community1", {"person": "community2"}, "handed_over"),
    ("return", assigned, "community1", {"right_unit": "garden", "text": "属园林"}, "returned"),
    ("rule", returned, "desk1", {"owner": "garden", "text": "同意"}, "ruled"),
    ("decline_return", returned, "desk1", {"text": "无人负责"}, "return_declined"),
    ("inspect", handling, "inspector1", {"text": "还在"}, "inspected"),
    ("contact", handling, "community1", {"how": "call", "text": "说明了"}, "contacted"),
    ("ask", handling, "community1", {"text": "在几号楼？"}, "asked"),
    ("note", handling, "community1", {"text": "看过"}, "noted"),
    ("ask_extension", handling, "community1", {"days": 3, "text": "雨天"}, "extension_asked"),
    ("withdraw_extension", asked_for_time, "community1", {}, "extension_withdrawn"),
    ("decide_extension", asked_for_time, "desk1", {"granted": "yes"}, "extension_decided"),
    (
        "claim",
        handling,
        "community1",
        {"outcome": "fixed", "measures": ["cleared", "notice"], "text": "已清理"},
        "claimed",
    ),
    ("withdraw_claim", claimed, "community1", {"text": "还差一点"}, "claim_withdrawn"),
    ("recuse", claimed, "verifier", {"text": "住在那里"}, "recused"),
    ("open", claimed, "verifier", {}, "opened"),
    ("verify", opened, "verifier", {"passed": "no", "text": "还在"}, "verified"),
    ("conclude", twice_unsolved, "leader1", {"text": "无法解决"}, "concluded"),
    ("defer", refused_time, "leader2", {"review_at": "+20", "text": "等雨季过去"}, "deferred"),
    ("resume", deferred, "leader2", {}, "resumed"),
    ("escalate", handling, "leader1", {"text": "太慢"}, "escalated"),
    (
        "lift_accusation",
        accusing,
        "inspector1",
        {"unit": "garden", "text": "无关"},
        "accusation_lifted",
    ),
    ("reopen", answered, "inspector1", {"text": "答复有误"}, "reopened"),
]  # fmt: skip
NAMED = {"owner", "right_unit", "unit"}


def typed(cast: Cast, fields: dict[str, Any]) -> dict[str, Any]:
    """Names of the cast as the ids that a form sends."""
    found = dict(fields)
    for name in NAMED & fields.keys():
        found[name] = cast.units[fields[name]]
    if "person" in fields:
        found["person"] = cast.people[fields["person"]]
    if "review_at" in fields:
        day = timezone.localdate() + int(fields["review_at"]) * DAY
        found["review_at"] = day.isoformat()
    return found


@pytest.mark.parametrize(
    ("command", "setting", "who", "fields", "event"), GIVEN, ids=[row[0] for row in GIVEN]
)
def test_a_command_is_given_by_its_form(
    cast: Cast,
    now: datetime,
    command: str,
    setting: Setting,
    who: str,
    fields: dict[str, Any],
    event: str,
) -> None:
    case = setting(cast, now)
    client = enter(cast, who)
    given = typed(cast, fields)
    if command in {"claim", "verify", "note", "inspect"}:
        given["pictures"] = upload()
    if command == "decide_extension":
        given["days"] = 3
    answer = give(client, case, command, **given)
    assert answer.status_code == 302, body(answer, answer.status_code)
    assert event in kinds(case)


def test_no_form_is_left_untried() -> None:
    tried = {row[0] for row in GIVEN}
    assert tried | {"merge", "split"} == set(FORMS)


def test_what_was_typed_reaches_the_history(cast: Cast, now: datetime) -> None:
    case = handling(cast, now)
    client = enter(cast, "community1")
    give(
        client, case, "claim",
        outcome="fixed", measures=["cleared"], text="已清理干净", pictures=upload(),
    )  # fmt: skip
    page = body(client.get(f"/case/{case}/"))
    assert "已清理干净" in page
    assert "Cleared or removed on the spot" in page
    assert page.count('src="/case/picture/') == 1


def test_dispatch_does_both_steps_or_neither(cast: Cast, now: datetime) -> None:
    case = new(cast, now)
    client = enter(cast, "desk1")
    answer = give(client, case, "dispatch", category="estate.green", owner=cast.units["desk"])
    assert "Choose the unit that answers for it." in body(answer, 400)
    assert kinds(case) == ["received"]
    give(client, case, "dispatch", category="estate.green", owner=cast.units["garden"])
    assert kinds(case) == ["received", "classified", "assigned"]
    state = queries.line(case).state  # type: ignore[union-attr]
    assert (state.category, state.tier, state.owner) == (
        "estate.green",
        "site",
        cast.units["garden"],
    )


def test_dispatch_takes_the_tier_urgency_and_area_from_the_register(
    cast: Cast, now: datetime
) -> None:
    case = cast.report(now, subject=None, area=None, place_open=True).case
    client = enter(cast, "desk1")
    give(
        client, case, "dispatch",
        category="danger.manhole", subject=cast.estate, owner=cast.units["garden"],
    )  # fmt: skip
    state = queries.line(case).state  # type: ignore[union-attr]
    assert (state.urgency, state.tier) == ("danger", "site")
    assert state.area == cast.community_area
    assert not state.place_open


def test_danger_that_the_reporter_told_outlives_the_category(cast: Cast, now: datetime) -> None:
    case = cast.report(now, danger=True).case
    client = enter(cast, "desk1")
    page = body(client.get(f"/case/{case}/"))
    assert '<option value="danger" selected>' in form_of(page, case, "dispatch")


def test_the_desk_goes_on_to_the_next_waiting_case(cast: Cast, now: datetime) -> None:
    first, second = new(cast, now - DAY), new(cast, now)
    client = enter(cast, "desk1")
    answer = give(client, first, "dispatch", category="estate.green", owner=cast.units["garden"])
    assert answer.headers["Location"] == "/desk/next/"
    answer = client.get("/desk/next/")
    assert answer.headers["Location"] == f"/case/{second}/"
    page = body(client.get(f"/case/{second}/"))
    assert f'href="/case/{first}/#do-transfer"' in page
    give(client, second, "dispatch", category="estate.green", owner=cast.units["garden"])
    answer = client.get("/desk/next/", follow=True)
    assert "Nothing waits for triage any more." in body(answer)


def test_merging_by_choice_and_by_number(cast: Cast, now: datetime) -> None:
    older = cast.report(now - DAY)
    by_choice, by_number = new(cast, now), new(cast, now)
    client = enter(cast, "desk1")
    offered = body(client.get(f"/case/{by_choice}/older/"))
    assert f'name="alike" value="{older.number}"' in offered
    client.post(f"/case/{by_choice}/do/merge/", {"seen": "1", "alike": older.number})
    give(client, by_number, "merge", number=older.number, text="同一件事")
    assert kinds(older.case) == ["received", "absorbed", "absorbed"]
    page = body(client.get(f"/case/{older.case}/"))
    assert page.count("Merged into this case") == 1
    assert page.count('<article class="card told">') == 3


def test_a_number_that_leads_nowhere_is_told(cast: Cast, now: datetime) -> None:
    case = new(cast, now)
    hidden = cast.report(now - DAY, confidential=True)
    client = enter(cast, "desk1")
    for number in ("000000-000000", hidden.number):
        answer = give(client, case, "merge", number=number)
        assert "type the number of one you can see" in body(answer, 400)


def test_splitting_gives_each_part_its_owner(cast: Cast, now: datetime) -> None:
    case = handling(cast, now)
    client = enter(cast, "desk1")
    parts = {
        "what1": "清除菜地", "owner1": cast.units["garden"], "category1": "estate.green",
        "what2": "清理地锁", "owner2": cast.units["police"], "category2": "estate.parking",
    }  # fmt: skip
    answer = give(client, case, "split", **{**parts, "owner2": ""})
    page = body(answer, 400)
    assert "清理地锁" in form_of(page, case, "split")
    answer = give(client, case, "split", text="分两块", **parts)
    assert answer.status_code == 302
    page = body(client.get(f"/case/{case}/"))
    assert "清除菜地" in page
    assert "清理地锁" in page
    number = queries.line(case).number  # type: ignore[union-attr]
    assert f"{number}-2" in page


def test_one_part_is_no_split(cast: Cast, now: datetime) -> None:
    case = handling(cast, now)
    answer = give(
        enter(cast, "desk1"), case, "split",
        what1="一块", owner1=cast.units["garden"], category1="estate.green",
    )  # fmt: skip
    assert "A case is split into two parts or more." in body(answer, 400)


# ---- Refusals keep what was typed ----


def test_a_notice_alone_is_refused_and_the_words_stay(cast: Cast, now: datetime) -> None:
    case = handling(cast, now)
    answer = give(
        enter(cast, "community1"), case, "claim",
        outcome="fixed", measures=["notice"], text="已张贴提醒单", pictures=upload(),
    )  # fmt: skip
    page = body(answer, 409)
    form = form_of(page, case, "claim")
    assert "A notice is not a fix" in form
    assert "已张贴提醒单" in form
    assert 'value="notice" id="claim_measures_3" checked' in form
    assert "claimed" not in kinds(case)


def test_a_picture_used_before_is_refused(cast: Cast, now: datetime) -> None:
    case = handling(cast, now)
    client = enter(cast, "community1")
    give(client, case, "note", text="之前", pictures=upload(seed=7))
    answer = give(
        client, case, "claim",
        outcome="fixed", measures=["cleared"], text="已清理", pictures=upload(seed=7),
    )  # fmt: skip
    assert "was used before" in body(answer, 409)


def test_what_is_no_picture_is_told_at_the_form(cast: Cast, now: datetime) -> None:
    case = handling(cast, now)
    answer = give(
        enter(cast, "community1"), case, "note",
        text="看附件", pictures=SimpleUploadedFile("a.jpg", b"GIF is not here"),
    )  # fmt: skip
    form = form_of(body(answer, 400), case, "note")
    assert "This file is not a picture" in form
    assert "看附件" in form


def test_full_storage_loses_no_words(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(data: bytes) -> str:
        raise files.StorageFull("no room")

    case = handling(cast, now)
    client = enter(cast, "community1")
    page = body(client.get(f"/case/{case}/"))
    monkeypatch.setattr(files, "put", full)
    fields = fill(page, case, "note", text="现场情况", pictures=upload())
    answer = client.post(f"/case/{case}/do/note/", fields)
    form = form_of(body(answer, 400), case, "note")
    assert "There is no room to store pictures" in form
    assert "现场情况" in form


def test_every_empty_field_says_what_is_missing(cast: Cast, now: datetime) -> None:
    case = handling(cast, now)
    answer = give(enter(cast, "community1"), case, "claim", text="")
    form = form_of(body(answer, 400), case, "claim")
    for sentence in (
        "Say what came of it: fixed, answered or unfounded.",
        "Say what was done: choose at least one measure.",
        "Write what was done, so that others can check it.",
    ):
        assert sentence in form


def test_a_review_date_must_lie_ahead(cast: Cast, now: datetime) -> None:
    case = refused_time(cast, now)
    today = timezone.localdate().isoformat()
    answer = give(enter(cast, "leader2"), case, "defer", review_at=today, text="等")
    assert "The review date must lie ahead." in body(answer, 400)


def test_time_is_granted_only_with_a_number_of_days(cast: Cast, now: datetime) -> None:
    case = asked_for_time(cast, now)
    answer = give(enter(cast, "desk1"), case, "decide_extension", granted="yes", days="")
    assert "Say how many working days are needed." in body(answer, 400)


# ---- Two at once ----


def test_the_second_of_two_desk_users_keeps_his_words(cast: Cast, now: datetime) -> None:
    case = handling(cast, now)
    one, other = enter(cast, "desk1"), enter(cast, "desk2")
    page = body(other.get(f"/case/{case}/"))
    fields = fill(page, case, "transfer", owner=cast.units["police"], text="归交警管")
    give(one, case, "transfer", owner=cast.units["garden"], text="归园林管")
    answer = other.post(f"/case/{case}/do/transfer/", fields)
    page = body(answer, 409)
    form = form_of(page, case, "transfer")
    assert "Somebody acted on this case while you had it open." in form
    assert "归交警管" in form
    assert f'<option value="{cast.units["police"]}" selected>' in form
    assert page.count('class="badge badge-wait">new<') == 1  # what the first one did
    assert kinds(case).count("transferred") == 1
    again = fill(page, case, "transfer", owner=cast.units["police"], text="归交警管")
    assert other.post(f"/case/{case}/do/transfer/", again).status_code == 302


def test_words_are_kept_even_when_their_form_is_gone(cast: Cast, now: datetime) -> None:
    case = new(cast, now)
    one, other = enter(cast, "desk1"), enter(cast, "desk2")
    page = body(other.get(f"/case/{case}/"))
    fields = fill(
        page, case, "dispatch",
        category="estate.green", owner=cast.units["police"], text="我写的摘要",
    )  # fmt: skip
    give(one, case, "dispatch", category="estate.green", owner=cast.units["garden"])
    page = body(other.post(f"/case/{case}/do/dispatch/", fields), 409)
    assert not has_form(page, "dispatch")
    assert "What you had written:" in page
    assert "我写的摘要" in page
    assert "police" in page.split("What you had written:")[1].split("</dl>")[0]


def test_a_script_gets_only_the_refusal_and_what_is_new(cast: Cast, now: datetime) -> None:
    case = handling(cast, now)
    one, other = enter(cast, "desk1"), enter(cast, "desk2")
    page = body(other.get(f"/case/{case}/"))
    fields = fill(page, case, "transfer", owner=cast.units["police"], text="归交警管")
    give(one, case, "transfer", owner=cast.units["garden"], text="归园林管")
    script = {"HX-Request": "true"}
    part = body(other.post(f"/case/{case}/do/transfer/", fields, headers=script), 409)
    assert "<html" not in part
    assert "Somebody acted on this case" in part
    assert "Transferred" in part
    seq = queries.line(case).seq  # type: ignore[union-attr]
    assert f'name="seen" value="{seq}"' in part
    fields["seen"] = str(seq)
    answer = other.post(f"/case/{case}/do/transfer/", fields, headers=script)
    assert answer.headers["HX-Redirect"] == f"/case/{case}/"


def test_the_same_form_sent_twice_acts_once(cast: Cast, now: datetime) -> None:
    case = handling(cast, now)
    client = enter(cast, "community1")
    page = body(client.get(f"/case/{case}/"))
    fields = fill(page, case, "note", text="一次")
    assert client.post(f"/case/{case}/do/note/", fields).status_code == 302
    assert client.post(f"/case/{case}/do/note/", fields).status_code == 409
    assert kinds(case).count("noted") == 1


# ---- Where it leads ----


def test_after_a_command_one_goes_where_the_form_says_but_never_outside(
    cast: Cast, now: datetime
) -> None:
    case = handling(cast, now)
    client = enter(cast, "community1")
    page = body(client.get(f"/case/{case}/"))
    for there, expected in {
        "/handler/": "/handler/",
        "https://elsewhere.example/": f"/case/{case}/",
        "//elsewhere.example/": f"/case/{case}/",
    }.items():
        fields = fill(page, case, "note", text="看过")
        answer = client.post(f"/case/{case}/do/note/", {**fields, "next": there})
        assert answer.headers["Location"] == expected
        page = body(client.get(f"/case/{case}/"))


def test_whoever_has_no_part_left_is_led_away(cast: Cast, now: datetime) -> None:
    case = claimed(cast, now)
    client = enter(cast, "verifier")
    answer = give(client, case, "recuse", text="住在那里")
    assert answer.headers["Location"] == "/staff/"
    assert client.get(f"/case/{case}/").status_code == 404


def test_a_command_of_nobody_is_no_address(cast: Cast, now: datetime) -> None:
    case = new(cast, now)
    client = enter(cast, "desk1")
    for command in ("receive", "tick", "draw", "verdict", "nonsense"):
        assert client.post(f"/case/{case}/do/{command}/", {"seen": "1"}).status_code == 404
    assert client.get(f"/case/{case}/do/transfer/").headers["Location"] == f"/case/{case}/"


def test_a_place_is_found_without_scripts(cast: Cast, now: datetime) -> None:
    case = cast.report(now, subject=None, area=None, place_open=True).case
    client = enter(cast, "desk1")
    page = body(client.get(f"/case/{case}/"))
    fields = fill(page, case, "dispatch", category="estate.green", find="示范", text="摘要")
    page = body(client.post(f"/case/{case}/do/dispatch/", {**fields, "find_now": "1"}))
    form = form_of(page, case, "dispatch")
    assert f'<option value="{cast.estate}">示范新村' in form
    assert "摘要" in form
    assert kinds(case) == ["received"]


def test_scripts_ask_for_places_and_for_the_duty_list(cast: Cast, now: datetime) -> None:
    registry.create_duty(
        district=cast.district,
        unit=cast.units["garden"],
        subject=cast.estate,
        category="estate.green",
        valid_from=casting.SINCE,
    )
    case = cast.report(now, text="没有写地点", subject=None, area=None, place_open=True).case
    client = enter(cast, "desk1")
    found = body(client.get(f"/case/{case}/places/", {"find": "示范"}))
    assert f'value="{cast.estate}"' in found
    assert "<html" not in found
    asked = {"category": "estate.green", "subject": cast.estate}
    part = body(client.get(f"/case/{case}/suggest/", asked))
    assert f'<option value="{cast.units["garden"]}" selected>' in part
    assert "The duty list names garden." in part
    by_hand = {**asked, "owner": cast.units["police"], "suggested": ""}
    part = body(client.get(f"/case/{case}/suggest/", by_hand))
    assert f'<option value="{cast.units["police"]}" selected>' in part


def test_only_whoever_triages_is_served_by_them(cast: Cast, now: datetime) -> None:
    case = handling(cast, now)
    client: Client = enter(cast, "community1")
    assert client.get(f"/case/{case}/places/", {"find": "示范"}).status_code == 404
    assert client.get(f"/case/{case}/suggest/").status_code == 404
