"""Many messages about one problem: one case, and every reporter told and asked."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from luoshi.cases import actions, queries, storms
from luoshi.cases.actions import Actor, Command, NewReport, Refused
from luoshi.cases.models import Case, CaseEvent, Report, StormOrder
from luoshi.infra.models import Delivery
from luoshi.registry import actions as registry
from tests.cast import Cast, photo

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WORDS = (
    "突然停电了",
    "又停电，电梯也停了",
    "全黑了，停电两小时",
    "请问为什么停电？",
    "什么时候不停电",
)


def dark(cast: Cast, at: datetime, n: int = 0, **given: object) -> int:
    return cast.report(at, text=f"示范新村{WORDS[n % len(WORDS)]}", **given).case


def told(kind: str) -> set[int]:
    """The reporters to whom a message about such an event is on its way."""
    events = {f"{pk}" for pk in CaseEvent.objects.filter(kind=kind).values_list("pk", flat=True)}
    refs = Delivery.objects.filter(handler="sms.notice").values_list("ref", flat=True)
    return {int(ref.split(":")[3]) for ref in refs if ref.split(":")[1] in events}


def test_two_hundred_messages_on_one_power_cut_stay_one_case(cast: Cast, now: datetime) -> None:
    cases = [dark(cast, now + n * timedelta(seconds=2), n, phone=f"138{n:08}") for n in range(200)]
    at = now + 10 * MINUTE
    (storm,) = queries.storms(cast.district, now=at)
    assert list(storm.cases) == cases
    done = storms.merge_all(
        cases=cases, target=cases[0], actor=cast.actor("desk1"), now=at, text="同一停电"
    )
    assert [one.refused for one in done] == [""] * 199
    assert queries.storms(cast.district, now=at) == ()
    line = queries.line(cases[0])
    assert line is not None
    assert (line.state.reports, line.state.reporters) == (200, 200)
    assert Case.objects.exclude(status="closed").count() == 1
    everybody = list(Report.objects.order_by("pk").values_list("pk", flat=True))
    assert told("received") == {*everybody}
    assert told("merged") == {*everybody[1:]}
    _solve(cast, cases[0], at)
    assert told("verified") == {*everybody}
    _say(cases[0], everybody[150], at + HOUR)
    actions.tick(case=cases[0], now=queries.line(cases[0]).state.next_at)  # type: ignore
    assert Case.objects.get(pk=cases[0]).status == "closed"
    verdicts = dict(Report.objects.values_list("pk", "verdict"))
    assert verdicts.pop(everybody[150]) == "solved"
    assert set(verdicts.values()) == {"no_answer"}


def _solve(cast: Cast, case: int, at: datetime) -> None:
    cast.do("desk1", case, "classify", at, category="estate.parking")
    cast.do("desk1", case, "assign", at, owner=cast.units["community"])
    cast.do("community1", case, "acknowledge", at)
    verifier = cast.name_of(cast.claim("community1", case, at).state.verifier)
    cast.do(verifier, case, "open", at)
    cast.do(verifier, case, "verify", at, passed=True, pictures=[photo()])


def _say(case: int, report: int, at: datetime) -> None:
    word = Command("verdict", {"solved": True})
    actions.act(case=case, command=word, actor=Actor(report=report), now=at)


def test_what_the_rules_refuse_is_named_and_stops_nothing(cast: Cast, now: datetime) -> None:
    one, two, three, four = (dark(cast, now + n * MINUTE, n) for n in range(4))
    cast.do("desk1", three, "answer", now + HOUR, answer="x", text="已答复")
    done = storms.merge_all(
        cases=[one, three, four], target=two, actor=cast.actor("desk1"), now=now + HOUR
    )
    assert {o.case: o.refused for o in done} == {
        one: "target_younger", three: "wrong_status", four: "",
    }  # fmt: skip


def test_merges_are_taken_back_together(cast: Cast, now: datetime) -> None:
    one, *others = (dark(cast, now + n * MINUTE, n) for n in range(4))
    desk = cast.actor("desk1")
    storms.merge_all(cases=others, target=one, actor=desk, now=now + HOUR)
    done = storms.unmerge_all(cases=others, actor=desk, now=now + HOUR)
    assert [o.refused for o in done] == [""] * 3
    assert set(Case.objects.values_list("status", "merged_into")) == {("new", None)}
    assert queries.line(one).state.reports == 1  # type: ignore[union-attr]


# ---- The standing instruction ----


@pytest.fixture
def order(cast: Cast, now: datetime) -> StormOrder:
    target = dark(cast, now)
    id = storms.give_order(
        target=target, actor=cast.actor("desk1"), until=now + 3 * HOUR, now=now + MINUTE
    )
    return StormOrder.objects.get(pk=id)


def test_further_ones_like_it_follow_by_instruction_signed_by_its_giver(
    cast: Cast, now: datetime, order: StormOrder
) -> None:
    more = [dark(cast, now + n * MINUTE, n) for n in range(2, 5)]
    other = cast.report(now + 5 * MINUTE, text="示范新村有人种菜").case
    sealed = dark(cast, now + 6 * MINUTE, confidential=True)
    assert storms.carry_out(now + HOUR) == 3
    assert set(Case.objects.filter(merged_into=order.target_id).values_list("pk", flat=True)) == {
        *more
    }
    assert {Case.objects.get(pk=case).status for case in (other, sealed)} == {"new"}
    event = CaseEvent.objects.get(case=more[0], kind="merged")
    assert (event.person, event.seat) == (cast.people["desk1"], "desk")
    assert event.data["text"]
    assert storms.carry_out(now + HOUR) == 0
    (shown,) = storms.orders(cast.district, now=now + HOUR)
    assert shown.joined == tuple(more)


def test_like_words_from_a_place_that_nobody_knows_wait_for_a_person(
    cast: Cast, now: datetime, order: StormOrder
) -> None:
    same = cast.report(now + 2 * MINUTE, text="示范新村突然停电了，电梯停了").case
    nowhere = cast.report(
        now + 3 * MINUTE, text="突然停电了", subject=None, area=None, place_open=True
    ).case
    assert storms.carry_out(now + HOUR) == 1
    assert Case.objects.get(pk=same).merged_into == order.target_id
    assert Case.objects.get(pk=nowhere).status == "new"


def test_nothing_follows_after_its_hour_or_when_it_was_ended(
    cast: Cast, now: datetime, order: StormOrder
) -> None:
    late = dark(cast, now + 4 * HOUR)
    storms.carry_out(now + 4 * HOUR)
    assert Case.objects.get(pk=late).status == "new"
    assert storms.orders(cast.district, now=now + 4 * HOUR) == ()
    second = storms.give_order(
        target=order.target_id,
        actor=cast.actor("desk2"),
        until=now + 6 * HOUR,
        now=now + 4 * HOUR,
    )
    storms.end_order(
        order=second, district=cast.district, actor=cast.actor("desk1"), now=now + 4 * HOUR
    )
    dark(cast, now + 5 * HOUR)
    assert storms.carry_out(now + 5 * HOUR) == 0


def test_it_ends_with_its_case(cast: Cast, now: datetime, order: StormOrder) -> None:
    cast.do("desk1", order.target_id, "answer", now + HOUR, answer="x", text="已恢复供电")
    dark(cast, now + HOUR + MINUTE)
    storms.carry_out(now + 2 * HOUR)
    order.refresh_from_db()
    assert order.ended_at == now + 2 * HOUR
    assert not Case.objects.filter(merged_into=order.target_id).exists()


def test_an_instruction_of_somebody_who_has_left_the_desk_moves_nothing(
    cast: Cast, now: datetime, order: StormOrder
) -> None:
    case = dark(cast, now + MINUTE * 2)
    leaves = timezone.localdate(now)
    who = cast.people["desk1"]
    registry.end_role(person=who, unit=cast.units["desk"], role="desk", on=leaves)
    storms.carry_out(now + HOUR)
    assert Case.objects.get(pk=case).status == "new"
    order.refresh_from_db()
    assert order.refused == {str(case): "not_your_part"}
    assert storms.carry_out(now + HOUR) == 0  # it is not tried again and again


def test_danger_and_accusations_wait_for_a_person_whatever_was_instructed(
    cast: Cast, now: datetime, order: StormOrder
) -> None:
    live = dark(cast, now + MINUTE * 2, danger=True)
    accusing = dark(cast, now + MINUTE * 3, accused=(cast.units["garden"],))
    plain = dark(cast, now + MINUTE * 4)
    storms.carry_out(now + HOUR)
    assert dict(Case.objects.exclude(pk=order.target_id).values_list("pk", "merged_into")) == {
        live: None, accusing: None, plain: order.target_id,
    }  # fmt: skip


def test_one_instruction_that_breaks_stops_no_other(
    cast: Cast, now: datetime, order: StormOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, real = dark(cast, now + MINUTE * 2), storms.like_target
    broken = cast.report(now - HOUR, text="路灯不亮").case
    until = now + HOUR * 2
    storms.give_order(target=broken, actor=cast.actor("desk1"), until=until, now=now)

    def breaks(target: Case, **given: object) -> object:
        if target.pk == broken:
            raise KeyError("a text that is nowhere")
        return real(target, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(storms, "like_target", breaks)
    storms.carry_out(now + HOUR)
    assert Case.objects.get(pk=case).merged_into == order.target_id


@pytest.mark.parametrize("hours", [-1, 0, 49])
def test_its_end_lies_ahead_and_not_too_far(cast: Cast, now: datetime, hours: int) -> None:
    target = dark(cast, now)
    with pytest.raises(Refused, match="until_wrong"):
        storms.give_order(
            target=target, actor=cast.actor("desk1"), until=now + hours * HOUR, now=now
        )


# ---- A resident who says "the same" ----


def joining(cast: Cast, now: datetime, case: int, **given: object) -> actions.Received:
    values = {"text": "我家也停电", "phone": "13900139000", "joins": case, **given}
    return cast.report(now, **values)


def test_who_adds_his_voice_has_a_report_of_his_own_in_that_case(cast: Cast, now: datetime) -> None:
    case = cast.handling(now, text="示范新村停电")
    got = joining(cast, now + HOUR, case)
    assert (got.case, got.joined) == (case, True)
    assert told("joined") == {got.report}
    assert queries.line(case).state.reporters == 2  # type: ignore[union-attr]
    verifier = cast.name_of(cast.claim("community1", case, now + HOUR).state.verifier)
    cast.do(verifier, case, "open", now + HOUR)
    cast.do(verifier, case, "verify", now + HOUR, passed=True)
    _say(case, got.report, now + 2 * HOUR)
    assert Report.objects.get(pk=got.report).verdict == "solved"
    assert Case.objects.get(pk=case).status == "verdict"  # the first reporter is still asked


def test_a_case_that_cannot_take_him_in_leaves_him_one_of_his_own(
    cast: Cast, now: datetime
) -> None:
    new = dark(cast, now)
    claimed, _ = cast.claimed(now)
    accusing = cast.handling(now, accused=(cast.units["police"],))
    sealed = cast.report(now, confidential=True).case
    for case in (new, claimed, accusing, sealed, 1):
        try:
            got = joining(cast, now + HOUR, case, subject=None)
        except actions.NoSuchCase:
            assert case == 1
            continue
        assert got.case != case
        assert not got.joined


def test_whoever_accuses_or_speaks_in_confidence_joins_nobody(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    for given in ({"confidential": True}, {"accused": (cast.units["police"],)}):
        assert joining(cast, now + HOUR, case, **given).case != case
    assert NewReport(district=1, door="web", external_id="x", text="x").joins is None
