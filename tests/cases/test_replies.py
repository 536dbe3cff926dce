"""Replies in the words of earlier ones: found fast, told to the verifier, refused to nobody."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.cases import queries, replies
from luoshi.cases.hollow import hollow
from luoshi.cases.models import Reply, ReplyMark
from luoshi.trust import vault
from tests.cast import Cast, photo

WORDS = "接件后社区立即组织保洁人员到现场，对楼道口堆放的杂物进行清理，现已恢复畅通。"


def claim(cast: Cast, now: datetime, text: str, *, case: int = 0, owner: str = "community") -> int:
    case = case or cast.handling(now, owner=owner)
    cast.do(
        f"{owner}1", case, "claim", now,
        outcome="fixed", measures=["cleared"], text=text, pictures=[photo()],
    )  # fmt: skip
    return case


def repeat(cast: Cast, case: int, who: str, now: datetime) -> queries.Repeat | None:
    page = queries.case_page(case=case, person=cast.people[who], now=now)
    assert page
    return page.repeat


def drawn_for(cast: Cast, case: int) -> str:
    line = queries.line(case)
    assert line
    return cast.name_of(line.state.verifier)


def test_the_words_of_another_case_are_found_with_the_share_that_is_the_same(
    cast: Cast, now: datetime
) -> None:
    first = claim(cast, now, WORDS)
    second = claim(cast, now + timedelta(days=3), WORDS.replace("保洁", "物业"))
    found = repeat(cast, second, "desk1", now)
    assert found
    assert (found.case, found.same, found.at) == (first, 94, now)


def test_whoever_may_not_see_the_other_case_learns_only_the_day(cast: Cast, now: datetime) -> None:
    first = claim(cast, now, WORDS)
    drawn = drawn_for(cast, first)
    cast.do(drawn, first, "open", now)
    cast.do(drawn, first, "verify", now, passed=False, text="not done")
    case = claim(cast, now, WORDS)
    found = repeat(cast, case, drawn_for(cast, case), now)
    assert found
    assert (found.case, found.number, found.same) == (None, "", 100)


@pytest.mark.parametrize(
    ("later", "text", "owner"),
    [
        (timedelta(days=400), WORDS, "community"),
        (timedelta(0), WORDS, "garden"),
        (timedelta(0), "走廊入口的东西都已搬走，通行没有问题，保洁当天去看过", "community"),
    ],
    ids=["over a year later", "another unit", "other words"],
)
def test_what_is_no_repetition(
    cast: Cast, now: datetime, later: timedelta, text: str, owner: str
) -> None:
    claim(cast, now, WORDS)
    assert repeat(cast, claim(cast, now + later, text, owner=owner), "desk1", now + later) is None


def test_the_same_case_again_and_short_words_are_no_repetition(cast: Cast, now: datetime) -> None:
    case = claim(cast, now, WORDS)
    cast.do("community1", case, "withdraw_claim", now)
    claim(cast, now, WORDS, case=case)
    claim(cast, now, "已清理干净")
    claim(cast, now, "已清理干净")
    assert not Reply.objects.filter(like__isnull=False).exists()
    assert Reply.objects.count() == 2


def test_marks_tell_nothing_without_the_key(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = replies.marks("已清理楼道口的杂物")
    monkeypatch.setattr(vault.keys, "lookup", lambda: b"x" * 32)
    assert not set(ours) & set(replies.marks("已清理楼道口的杂物"))


def test_an_erased_reply_is_compared_with_nothing(cast: Cast, now: datetime) -> None:
    claim(cast, now, WORDS)
    text = Reply.objects.get().text
    vault.erase(vault_id=text, by=cast.people["leader1"], reason="asked for by law", now=now)
    assert not ReplyMark.objects.exists()
    assert repeat(cast, claim(cast, now, WORDS), "desk1", now) is None


def test_many_earlier_replies_cost_no_more_queries(cast: Cast, now: datetime) -> None:
    def cost() -> int:
        case = cast.handling(now)
        with CaptureQueriesContext(connection) as captured:
            claim(cast, now, WORDS, case=case)
        return len(captured)

    claim(cast, now, WORDS)
    few = cost()
    for n in range(5):
        claim(cast, now, WORDS + str(n))
    assert cost() == few
    assert ReplyMark.objects.count() == Reply.objects.count() * replies.BANDS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("已张贴温馨提示", "notice"),
        ("已下发整改通知书，要求业主限期清理", "notice"),
        ("已列入计划", "promise"),
        ("将于下周清理", "promise"),
        ("杂物已清走，并张贴提示", None),
        ("下发通知书后业主已自行拆除", None),
        ("已补种三十平方米", None),
        ("好的", None),
        ("Forwarded to the property company", "promise"),
    ],
)
def test_words_that_name_nothing_done_are_told_from_those_that_do(
    text: str, found: str | None
) -> None:
    assert hollow(text) == found
