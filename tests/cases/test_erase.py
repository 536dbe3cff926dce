"""`luoshi erase`: what identifies a reporter is destroyed, the history still proves itself."""

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from luoshi.cases import actions, check, queries
from luoshi.cases.models import Report
from luoshi.registry import actions as registry
from luoshi.trust import vault
from luoshi.trust.errors import Erased
from luoshi.trust.models import Erasure
from tests.cast import Cast

DAY = timedelta(days=1)
WHY = "asked for by the reporter"


def erase(*words: str, typed: str | None = None, monkeypatch: Any = None) -> str:
    out = StringIO()
    if typed is not None:
        monkeypatch.setattr("builtins.input", lambda question: typed)
    more = ["--yes"] if typed is None else []
    call_command("erase", *words, "--by", "admin1", "--reason", WHY, *more, stdout=out)
    return out.getvalue()


@pytest.fixture
def cast(cast: Cast) -> Cast:
    cast.people["admin1"] = registry.create_person(username="admin1", name="系统管理员")
    return cast


def reported(cast: Cast, now: datetime, **given: Any) -> Report:
    return Report.objects.get(pk=cast.report(now, name="李芳", **given).report)


def test_the_contact_goes_and_the_words_and_the_history_stay(cast: Cast, now: datetime) -> None:
    row = reported(cast, now)
    told = erase(row.number)
    assert "Erased the contact of report" in told
    assert "The case is OPEN" in told
    assert "the leaves in the log" in told
    with pytest.raises(Erased):
        vault.open_for_delivery(row.contact or 0)
    row.refresh_from_db()
    assert row.phone_tag is None
    assert vault.read_text(row.text or 0)
    act = Erasure.objects.get()
    assert (act.vault_id, act.by, act.reason) == (row.contact, cast.people["admin1"], WHY)
    assert list(check.faults()) == []
    assert "nothing is left to erase" in erase(row.number)


def test_with_words_everything_that_he_wrote_goes_and_nobody_elses(
    cast: Cast, now: datetime
) -> None:
    row, other = reported(cast, now), reported(cast, now, text="别人的话")
    cast.do("desk1", row.case_id, "classify", now, category="estate.green")
    cast.do("desk1", row.case_id, "assign", now, owner=cast.units["garden"])
    cast.do("garden1", row.case_id, "acknowledge", now)
    cast.do("garden1", row.case_id, "ask", now, text="在哪里？")
    reply = actions.Command("reply", {})
    actor = actions.Actor(report=row.pk)
    actions.act(case=row.case_id, command=reply, actor=actor, now=now, text="就在楼后")
    found = queries.erasable(row.number, district=cast.district)
    assert found is not None
    assert len(found.words) == 2
    assert "the contact and the words (2)" in erase(row.number, "--words")
    assert set(vault.read_texts(found.words).values()) == {None}
    assert vault.read_text(other.text or 0) == "别人的话"
    assert list(check.faults()) == []


def test_it_asks_for_the_number_and_does_nothing_for_another_word(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = reported(cast, now)
    with pytest.raises(CommandError, match=r"Nothing was erased\."):
        erase(row.number, typed="y", monkeypatch=monkeypatch)
    assert vault.open_for_delivery(row.contact or 0).name == "李芳"
    assert "Erased" in erase(row.number, typed=row.number, monkeypatch=monkeypatch)


def test_after_the_term_only_contacts_of_cases_closed_before_that_day_go(
    cast: Cast, now: datetime
) -> None:
    old, young, still = (reported(cast, now - n * DAY) for n in (9, 2, 9))
    for row, days in ((old, 8), (young, 1)):
        at = now - days * DAY
        cast.do("desk1", row.case_id, "classify", at, category="estate.green")
        cast.do("desk1", row.case_id, "answer", at, answer="x", text="已答复")
    day = timezone.localdate(now - 5 * DAY).isoformat()
    assert "Erased 1 contacts." in erase("--closed-before", day)
    assert vault.kept([old.contact or 0, young.contact or 0, still.contact or 0]) == {
        young.contact,
        still.contact,
    }
    assert "Nothing is left" in erase("--closed-before", day)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["000000-000000"], "There is no report"),
        (["--closed-before", "2999-01-01"], "still to come"),
        (["--closed-before", "2020-01-01", "--words"], "goes with the number"),
        (["1", "--district", "999999"], "Not in the register"),
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, words: list[str], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        erase(*words)


def test_a_reason_that_says_nothing_is_none(cast: Cast, now: datetime) -> None:
    row = reported(cast, now)
    with pytest.raises(CommandError, match="reason"):
        call_command("erase", row.number, "--by", "admin1", "--reason", "..", "--yes")
    assert vault.kept([row.contact or 0])
