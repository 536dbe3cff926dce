"""The loop as people use it: verification, verdicts, the clock, families, evidence."""

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Child, Command, Refused
from luoshi.cases.figures import district_figures
from luoshi.cases.models import CaseEvent, CaseUnit, Report
from tests.cast import Cast, photo

DAY = timedelta(days=1)


def passed(cast: Cast, case: int, verifier: str, now: datetime) -> None:
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True)


def verdict(report: int, case: int, now: datetime, *, solved: bool, text: str = "") -> actions.Done:
    return actions.act(
        case=case,
        command=Command("verdict", {"solved": solved}),
        actor=Actor(report=report),
        now=now,
        text=text,
    )


def test_nobody_but_the_drawn_verifier_verifies(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now)
    others = {"verifier1", "verifier2", "verifier3", "desk1", "inspector1", "community1"}
    for who in others - {verifier}:
        with pytest.raises(Refused, match="not_your_part"):
            cast.do(who, case, "open", now)


def test_a_verifier_of_the_handling_branch_is_never_drawn(cast: Cast, now: datetime) -> None:
    from luoshi.registry import actions as registry

    for name in ("verifier1", "verifier2", "verifier3"):
        registry.grant_role(
            person=cast.people[name],
            unit=cast.units["street"],
            role="data",
            valid_from=now.date() - 400 * DAY,
            valid_to=now.date() + DAY,
        )
    _, verifier = cast.claimed(now)
    assert verifier.startswith("inspector")


def test_with_nobody_left_the_case_waits_for_a_verifier_and_is_never_waived(
    cast: Cast, now: datetime
) -> None:
    from luoshi.registry import actions as registry

    for name in ("verifier1", "verifier2", "verifier3", "inspector1", "inspector2", "panel1"):
        registry.set_absence(person=cast.people[name], until=now.date() + 60 * DAY)
    for name in ("leader1", "leader2"):
        registry.set_absence(person=cast.people[name], until=now.date() + 60 * DAY)
    case = cast.handling(now)
    state = cast.claim("community1", case, now).state
    assert (state.status, state.verifier) == ("claimed", None)
    stuck = queries.stuck(cast.district, "no_verifier", now=now)
    assert [line.id for line in stuck.lines] == [case]
    registry.set_absence(person=cast.people["panel1"], until=None)
    done = actions.tick(case=case, now=now + 5 * DAY)
    assert done is not None
    assert cast.name_of(done.state.verifier) == "panel1"


def test_a_claim_not_verified_in_two_working_days_goes_to_somebody_else(
    cast: Cast, now: datetime
) -> None:
    case, first = cast.claimed(now)
    assert actions.tick_due(now + DAY) == 0
    actions.tick_due(now + 3 * DAY)
    state = queries.line(case).state
    assert state.status == "claimed"
    assert cast.name_of(state.verifier) != first
    assert state.level == 1


def test_the_pool_and_the_seed_let_anybody_draw_again(cast: Cast, now: datetime) -> None:
    from luoshi.rules.independence import draw

    case, verifier = cast.claimed(now)
    data = CaseEvent.objects.get(case=case, kind="drawn").data
    assert draw(pool=data["pool"], seed=data["seed"]) == cast.people[verifier]


def test_silence_closes_as_no_answer_never_as_satisfied(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now)
    passed(cast, case, verifier, now)
    actions.tick_due(now + 10 * DAY)
    state = queries.line(case).state
    assert (state.status, state.verdict) == ("closed", "no_answer")
    report = Report.objects.get()
    assert (report.verdict, report.satisfied) == ("no_answer", None)


def test_two_reporters_both_have_the_last_word(cast: Cast, now: datetime) -> None:
    older = cast.handling(now)
    younger = cast.handling(now + timedelta(seconds=1), owner="garden")
    actions.merge(case=younger, target=older, actor=cast.actor("desk1"), now=now)
    done = cast.claim("community1", older, now)
    passed(cast, older, cast.name_of(done.state.verifier), now)
    first, second = Report.objects.order_by("pk").values_list("pk", flat=True)
    assert verdict(first, older, now, solved=True).state.status == "verdict"
    with pytest.raises(Refused, match="verdict_given_before"):
        verdict(first, older, now, solved=True)
    assert verdict(second, younger, now, solved=True).state.status == "closed"


def test_one_not_solved_among_many_brings_the_case_back(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now)
    passed(cast, case, verifier, now)
    state = verdict(Report.objects.get().pk, case, now, solved=False, text="还在").state
    assert (state.status, state.not_solved, state.verifier) == ("handling", 1, None)


def test_only_a_leader_of_no_unit_concerned_concludes_and_only_after_the_second_no(
    cast: Cast, now: datetime
) -> None:
    case, verifier = cast.claimed(now)
    report = Report.objects.get().pk
    passed(cast, case, verifier, now)
    verdict(report, case, now, solved=False)
    with pytest.raises(Refused, match="not_twice_unsolved"):
        cast.do("leader1", case, "conclude", now, text="无法解决")
    again = cast.claim("community1", case, now).state
    passed(cast, case, cast.name_of(again.verifier), now)
    verdict(report, case, now, solved=False)
    with pytest.raises(Refused, match="not_your_part"):
        cast.do("leader2", case, "conclude", now, text="无法解决")
    state = cast.do("leader1", case, "conclude", now, text="无法解决").state
    assert (state.status, state.resolution) == ("closed", "unsolved")


def test_a_picture_used_before_is_refused_in_any_case(cast: Cast, now: datetime) -> None:
    used = photo(seed=7)
    first = cast.handling(now)
    claim = {"outcome": "fixed", "measures": ["cleared"], "text": "已清理"}
    cast.do("community1", first, "claim", now, pictures=[used], **claim)
    second = cast.handling(now)
    with pytest.raises(Refused, match="picture_used_before"):
        cast.do("community1", second, "claim", now, pictures=[used], **claim)
    assert queries.line(second).state.status == "handling"


def test_a_category_that_demands_a_picture_gets_one(cast: Cast, now: datetime) -> None:
    case = cast.report(now).case
    cast.do("desk1", case, "classify", now, category="estate.green")
    cast.do("desk1", case, "assign", now, owner=cast.units["garden"])
    cast.do("garden1", case, "acknowledge", now)
    claim = {"outcome": "fixed", "measures": ["cleared"], "text": "已清理"}
    with pytest.raises(Refused, match="picture_missing"):
        cast.do("garden1", case, "claim", now, **claim)
    state = cast.do("garden1", case, "claim", now, pictures=[photo()], **claim).state
    who = cast.name_of(state.verifier)
    cast.do(who, case, "open", now)
    with pytest.raises(Refused, match="own_evidence_missing"):
        cast.do(who, case, "verify", now, passed=True)


def test_whoever_saw_an_older_page_is_told_and_nothing_happens(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    seen = queries.line(case).seq
    cast.do("community1", case, "note", now, text="已到现场")
    with pytest.raises(Refused, match="changed_meanwhile"):
        actions.act(
            case=case,
            command=Command("note"),
            actor=cast.actor("community2"),
            now=now,
            text="也到现场",
            seen=seen,
        )
    assert CaseEvent.objects.filter(case=case, kind="noted").count() == 1


def test_an_undecided_extension_is_refused_by_the_clock_and_both_deadlines_stay(
    cast: Cast, now: datetime
) -> None:
    case = cast.handling(now)
    cast.do("community1", case, "ask_extension", now, days=3, text="要等吊车")
    deadline = queries.line(case).state.deadline
    for _ in range(4):
        actions.tick_due(deadline + DAY)
    state = queries.line(case).state
    assert (state.extension, state.deadline, state.original_deadline) == (
        "refused", deadline, deadline,
    )  # fmt: skip


def test_a_granted_extension_moves_the_deadline_by_working_days(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    before = queries.line(case).state.deadline
    cast.do("community1", case, "ask_extension", now, days=3, text="要等吊车")
    after = cast.do("desk1", case, "decide_extension", now, granted=True, days=3).state
    assert after.original_deadline == before
    assert timedelta(days=3) <= after.deadline - before <= timedelta(days=5)


def test_a_return_goes_once_and_the_second_ruling_needs_a_neutral_leader(
    cast: Cast, now: datetime
) -> None:
    case = cast.handling(now)
    garden, police = cast.units["garden"], cast.units["police"]
    cast.do("community1", case, "return", now, right_unit=garden, text="属园林")
    cast.do("desk1", case, "rule", now, owner=garden, text="同意")
    cast.do("garden1", case, "return", now, right_unit=cast.units["community"], text="属社区")
    with pytest.raises(Refused, match="needs_neutral_leader"):
        cast.do("desk1", case, "rule", now, owner=police, text="定")
    state = cast.do("leader1", case, "rule", now, owner=cast.units["community"], text="终裁").state
    assert state.final
    with pytest.raises(Refused, match="returned_before"):
        cast.do("community1", case, "return", now, right_unit=garden, text="再退")
    handled = set(CaseUnit.objects.filter(case=case).values_list("unit", flat=True))
    assert handled == {garden, cast.units["community"]}


def test_a_desk_person_of_the_owning_unit_is_replaced(cast: Cast, now: datetime) -> None:
    from luoshi.registry import actions as registry

    case = cast.handling(now)
    cast.do("community1", case, "ask_extension", now, days=3, text="要等")
    registry.grant_role(
        person=cast.people["desk1"], unit=cast.units["community"], role="data",
        valid_from=now.date(),
    )  # fmt: skip
    with pytest.raises(Refused, match="not_your_part"):
        cast.do("desk1", case, "decide_extension", now, granted=True, days=2)
    cast.do("desk2", case, "decide_extension", now, granted=True, days=2)


def test_a_disputed_answer_goes_to_another_desk_person(cast: Cast, now: datetime) -> None:
    got = cast.report(now, category="enquiry.policy")
    cast.do("desk1", got.case, "answer", now, text="请到窗口办理")
    back = actions.act(
        case=got.case,
        command=Command("reopen"),
        actor=Actor(report=got.report),
        now=now + DAY,
        text="窗口不办",
    )
    assert (back.state.status, back.state.disputed) == ("new", True)
    with pytest.raises(Refused, match="same_desk_person"):
        cast.do("desk1", got.case, "answer", now + DAY, text="请到窗口办理")
    assert cast.do("desk2", got.case, "answer", now + DAY, text="改为…").state.status == "closed"


def test_a_reporter_may_dispute_for_thirty_days(cast: Cast, now: datetime) -> None:
    got = cast.report(now, category="enquiry.policy")
    cast.do("desk1", got.case, "answer", now, text="请到窗口办理")
    late = {"command": Command("reopen"), "actor": Actor(report=got.report), "text": "不对"}
    with pytest.raises(Refused, match="reopen_too_late"):
        actions.act(case=got.case, now=now + 31 * DAY, **late)


def test_a_merge_can_be_taken_back_and_reporters_go_back_with_it(cast: Cast, now: datetime) -> None:
    older, younger = cast.report(now).case, cast.report(now + timedelta(seconds=1)).case
    with pytest.raises(Refused, match="target_younger"):
        actions.merge(case=older, target=younger, actor=cast.actor("desk1"), now=now)
    actions.merge(case=younger, target=older, actor=cast.actor("desk1"), now=now)
    assert queries.line(older).state.reporters == 2
    actions.unmerge(case=younger, actor=cast.actor("desk1"), now=now)
    assert queries.line(older).state.reporters == 1
    assert queries.line(younger).state.status == "new"


def test_a_case_is_split_into_two_parts_or_more_and_only_by_the_desk(
    cast: Cast, now: datetime
) -> None:
    case = cast.handling(now)
    part = Child(category="estate.parking", owner=cast.units["police"], summary="地锁")
    with pytest.raises(Refused, match="parts_missing"):
        actions.split(case=case, children=[part], actor=cast.actor("desk1"), now=now)
    with pytest.raises(Refused, match="not_your_part"):
        actions.split(case=case, children=[part, part], actor=cast.actor("street1"), now=now)
    parent, *children = actions.split(
        case=case, children=[part, part], actor=cast.actor("desk1"), now=now
    )
    assert parent.state.children == len(children) == 2
    page = queries.case_page(case=case, person=cast.people["desk1"], now=now)
    assert [line.id for line in page.kin.children] == [child.case for child in children]


def test_each_missed_due_time_escalates_until_the_top_and_then_stays_there(
    cast: Cast, now: datetime
) -> None:
    case = cast.report(now).case
    for days in range(1, 40):
        actions.tick_due(now + days * DAY)
    state = queries.line(case).state
    assert (state.level, state.next_at) == (3, None)
    assert CaseEvent.objects.filter(case=case, kind="missed").count() == 3


def test_a_share_of_paper_verifications_is_raised_to_a_site_visit(
    cast: Cast, now: datetime, settings: Settings
) -> None:
    settings.RAISED_PERCENT = 100
    case, verifier = cast.claimed(now)
    cast.do(verifier, case, "open", now)
    with pytest.raises(Refused, match="own_evidence_missing"):
        cast.do(verifier, case, "verify", now, passed=True)
    assert cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()]).state.passed


def test_a_withdrawn_claim_keeps_its_verifier_and_its_share(
    cast: Cast, now: datetime, settings: Settings
) -> None:
    settings.RAISED_PERCENT = 100
    case, verifier = cast.claimed(now)
    cast.do("community1", case, "withdraw_claim", now)
    settings.RAISED_PERCENT = 0
    state = cast.claim("community1", case, now).state
    assert (cast.name_of(state.verifier), state.raised) == (verifier, True)


def test_an_answer_is_checked_by_somebody_else_and_a_wrong_one_comes_back(
    cast: Cast, now: datetime, settings: Settings
) -> None:
    settings.SAMPLE_PERCENT = 100
    got = cast.report(now, category="enquiry.policy")
    state = cast.do("desk1", got.case, "answer", now, text="请到窗口办理").state
    assert cast.name_of(state.sampler) == "desk2"
    assert [line.id for line in queries.samples_for(cast.people["desk2"]).lines] == [got.case]
    with pytest.raises(Refused, match="not_your_part"):
        cast.do("desk1", got.case, "check_sample", now, right=True)
    state = cast.do("desk2", got.case, "check_sample", now, right=False, text="答非所问").state
    assert (state.status, state.disputed) == ("new", True)


def test_nobody_speaks_in_the_case_of_another_reporter(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now)
    stranger = cast.report(now).report
    passed(cast, case, verifier, now)
    with pytest.raises(Refused, match="not_your_part"):
        verdict(stranger, case, now, solved=True)


def test_who_is_not_asked_does_not_take_the_last_word_from_who_is(
    cast: Cast, now: datetime
) -> None:
    case = cast.handling(now)
    child = cast.report(now + timedelta(seconds=1), minor=True)
    actions.merge(case=child.case, target=case, actor=cast.actor("desk1"), now=now)
    verifier = cast.name_of(cast.claim("community1", case, now).state.verifier)
    passed(cast, case, verifier, now)
    with pytest.raises(Refused, match="not_your_part"):
        verdict(child.report, case, now, solved=True)
    assert queries.line(case).state.status == "verdict"


def test_a_reporter_speaks_to_his_own_case_only(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now)
    passed(cast, case, verifier, now)
    other = cast.report(now + timedelta(seconds=1))
    with pytest.raises(Refused, match="not_your_part"):
        verdict(other.report, case, now, solved=True)


def test_a_verdict_on_one_case_is_no_verdict_on_the_case_it_was_merged_into(
    cast: Cast, now: datetime
) -> None:
    older = cast.handling(now)
    younger, verifier = cast.claimed(now + timedelta(seconds=1), owner="garden")
    passed(cast, younger, verifier, now)
    second = Report.objects.get(case=younger).pk
    verdict(second, younger, now, solved=False, text="还在")
    actions.merge(case=younger, target=older, actor=cast.actor("desk1"), now=now)
    done = cast.claim("community1", older, now)
    passed(cast, older, cast.name_of(done.state.verifier), now)
    first = Report.objects.get(case=older).pk
    assert verdict(second, younger, now, solved=True).state.status == "verdict"
    assert verdict(first, older, now, solved=True).state.status == "closed"


def test_a_leader_whose_unit_handled_a_part_does_not_conclude_the_whole(
    cast: Cast, now: datetime
) -> None:
    case = cast.handling(now, owner="garden")
    part = Child(category="estate.parking", owner=cast.units["street"], summary="地锁")
    other = Child(category="estate.parking", owner=cast.units["police"], summary="地锁")
    actions.split(case=case, children=[part, other], actor=cast.actor("desk1"), now=now)
    for leader, neutral in (("leader1", True), ("leader2", False)):
        page = queries.case_page(case=case, person=cast.people[leader], now=now)
        assert page is not None
        assert ("neutral" in page.seats) is neutral


def test_the_verdict_of_a_merged_reporter_counts_in_the_figures_of_the_case_he_follows(
    cast: Cast, now: datetime
) -> None:
    older = cast.handling(now)
    younger = cast.handling(now + timedelta(seconds=1), owner="garden")
    actions.merge(case=younger, target=older, actor=cast.actor("desk1"), now=now)
    done = cast.claim("community1", older, now)
    passed(cast, older, cast.name_of(done.state.verifier), now)
    first, second = Report.objects.order_by("pk").values_list("pk", flat=True)
    verdict(first, older, now, solved=True)
    verdict(second, younger, now, solved=True)
    solved = district_figures(cast.district, since=now - DAY, until=now + DAY).solved
    assert (solved.count, solved.of, solved.answered, solved.asked) == (2, 2, 1, 1)


def test_reminders_do_not_make_a_case_less_late(cast: Cast, now: datetime) -> None:
    case = cast.report(now).case
    due = queries.line(case).state.next_at
    assert due is not None
    for late in (timedelta(minutes=5), 3 * DAY, 9 * DAY):
        actions.tick_due(due + late)
    state = queries.line(case).state
    assert state.level > 1
    assert state.late_since == due


def test_who_said_not_solved_and_gave_up_still_counts_as_not_solved(
    cast: Cast, now: datetime
) -> None:
    case, verifier = cast.claimed(now)
    passed(cast, case, verifier, now)
    verdict(Report.objects.get().pk, case, now, solved=False, text="还在")
    again = cast.claim("community1", case, now + DAY)
    passed(cast, case, cast.name_of(again.state.verifier), now + DAY)
    actions.tick_due(now + 20 * DAY)
    assert queries.line(case).state.verdict == "no_answer"
    solved = district_figures(cast.district, since=now - DAY, until=now + 30 * DAY).solved
    assert (solved.count, solved.of, solved.answered, solved.asked) == (0, 1, 1, 1)
