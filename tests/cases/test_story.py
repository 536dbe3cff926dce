"""The estate story of the newspaper page, through the same actions that people use."""

from datetime import datetime, timedelta

import pytest

from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Child, Command, OldRecord, Refused
from luoshi.cases.models import Case, CaseEvent
from luoshi.cases.rows import to_state
from luoshi.rules.evolve import fold
from luoshi.rules.state import Event
from tests.cast import Cast, photo

DAY = timedelta(days=1)


def test_the_pasted_notice_ends_as_a_verified_closure(cast: Cast, now: datetime) -> None:
    old = actions.record_old(
        record=OldRecord(
            district=cast.district,
            ledger="2026-03",
            line="12",
            text="小区环境脏乱",
            closing_words="已张贴提醒单",
            happened_at=now - 20 * DAY,
            category="estate.environment",
            subject=cast.estate,
        ),
        by=cast.actor("desk1"),
        now=now,
    )
    received = cast.report(now, category="estate.environment")
    assert received.case == old
    assert received.joined
    case = old
    assert queries.line(case).state.status == "new"
    cast.do("desk1", case, "classify", now, category="estate.environment", text="小区环境脏乱")
    cast.do("desk1", case, "assign", now, owner=cast.units["community"])
    cast.do("community1", case, "acknowledge", now)
    with pytest.raises(Refused) as refused:
        cast.do(
            "community1", case, "claim", now, outcome="fixed", measures=["notice"],
            text="已张贴提醒单", pictures=[photo()],
        )  # fmt: skip
    assert refused.value.code == "notice_is_not_a_measure"
    now += DAY
    done = cast.claim("community1", case, now)
    verifier = cast.name_of(done.state.verifier)
    assert verifier.startswith("verifier")
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=False, text="菜地还在", pictures=[photo()])
    now += DAY
    cast.do("inspector1", case, "inspect", now, text="菜地、占位、杂物都在", pictures=[photo()])
    cast.do("inspector1", case, "transfer", now, owner=cast.units["street"], text="立行立改")
    parts = [
        Child(category="estate.green", owner=cast.units["garden"], summary="清除菜地"),
        Child(category="estate.parking", owner=cast.units["police"], summary="清理地锁"),
        Child(category="estate.clutter", owner=cast.units["property"], summary="清运杂物"),
    ]
    _, *children = actions.split(
        case=case, children=parts, actor=cast.actor("desk1"), now=now, text="分三块办理"
    )
    cast.do("street1", case, "acknowledge", now)
    for child, unit in zip(children, ("garden", "police", "property"), strict=True):
        with pytest.raises(Refused, match="open_children"):
            cast.claim("street1", case, now)
        cast.do(f"{unit}1", child.case, "acknowledge", now)
        state = cast.claim(f"{unit}1", child.case, now).state
        who = cast.name_of(state.verifier)
        cast.do(who, child.case, "open", now)
        end = cast.do(who, child.case, "verify", now, passed=True, pictures=[photo()])
        assert end.state.status == "closed"
    now += 10 * DAY
    state = cast.claim("street1", case, now).state
    who = cast.name_of(state.verifier)
    cast.do(who, case, "open", now)
    end = cast.do(who, case, "verify", now, passed=True, pictures=[photo()])
    assert end.state.status == "verdict"
    link = actions.issue_link(report=received.report, now=now)
    report = queries.by_link(link, now=now)
    assert report == received.report
    end = actions.act(
        case=case,
        command=Command("verdict", {"solved": True, "satisfied": True}),
        actor=Actor(report=report),
        now=now,
        text="感谢，小区终于干净了",
    )
    assert (end.state.status, end.state.resolution, end.state.verdict) == (
        "closed", "fixed", "solved",
    )  # fmt: skip
    assert queries.by_link(link, now=now) is None
    for row in Case.objects.all():
        events = CaseEvent.objects.filter(case=row).order_by("seq")
        folded = fold((Event(e.kind, e.data), e.at) for e in events)
        assert folded == to_state(row)
