"""Notices from draft to withdrawal: what is published never changes, and nothing is lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from luoshi.cases.check import leaves_after
from luoshi.infra import triggers
from luoshi.publication import actions, queries
from luoshi.publication.check import faults
from luoshi.publication.content import Content
from luoshi.publication.models import Entry, Publication
from luoshi.publication.tables import Given
from luoshi.registry import actions as registry
from luoshi.trust.models import LogLeaf
from tests import cast as casting
from tests.cases.racing import race
from tests.publication.office import PLAIN, Office

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POSTS = "岗位\t人数\n护士\t12\n医师\t22"


def what(error: pytest.ExceptionInfo[actions.Refused]) -> list[tuple[str, int, int]]:
    return [(p.field, p.line, p.column) for p in error.value.problems]


# ---- Publishing ----


def test_a_published_text_is_read_at_its_number(office: Office, now: datetime) -> None:
    made = office.published(now)
    shown = office.shown(made)
    assert (shown.content.title, shown.version.version) == (PLAIN.title, 1)
    assert shown.line.number == "2026-001"


def test_a_draft_is_read_by_nobody(office: Office, now: datetime) -> None:
    made = office.draft(now)
    assert queries.show(office.cast.district, office.work(made).line.number) is None
    assert queries.public_list(office.cast.district).lines == ()
    assert queries.latest(office.cast.district) == ()


def test_publishing_twice_is_once(office: Office, now: datetime) -> None:
    made = office.draft(now)
    work = office.work(made)
    given: dict[str, Any] = {"publication": made, "draft": work.draft, "rev": work.rev}
    first = actions.publish(**given, **office.common(now))
    again = actions.publish(**given, **office.common(now + HOUR))
    assert (first.already, again.already) == (False, True)
    assert Entry.objects.count() == 1


def test_a_number_is_given_once(office: Office, now: datetime) -> None:
    office.draft(now, number="2026-7")
    with pytest.raises(actions.NumberRefused):
        office.draft(now, number="2026-7")
    with pytest.raises(actions.NumberRefused):
        office.draft(now, number=" 2026-7 ")
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("number", ["../x", "一号", "a b", "-", "x" * 31, "feed.xml"])
def test_a_number_that_is_no_address_is_refused(office: Office, now: datetime, number: str) -> None:
    with pytest.raises(actions.NumberRefused):
        office.draft(now, number=number)


def test_only_the_role_data_writes(office: Office, now: datetime) -> None:
    made = office.draft(now)
    for who in ("desk1", "leader1", "garden1", "inspector1", "panel1"):
        with pytest.raises(actions.NotAllowed):
            office.publish(made, now, who)
        with pytest.raises(actions.NotAllowed):
            actions.withdraw(publication=made, reason="x", **office.common(now, who))
        with pytest.raises(actions.NotAllowed):
            actions.create(kind="notice", unit=office.cast.units["garden"],
                           **office.common(now, who))  # fmt: skip
    assert not Entry.objects.exists()


def test_another_district_has_none_of_it(office: Office, now: datetime) -> None:
    made = office.published(now)
    other = {**office.common(now), "district": office.cast.district + 1}
    with pytest.raises(actions.NotAllowed):
        actions.withdraw(publication=made, reason="x", **other)
    assert queries.work(office.cast.district + 1, made) is None


@pytest.mark.parametrize(
    "content",
    [
        Content(title="", body="x"),
        Content(title="x", body=""),
        Content(title="x", body="\u200b\x00 \n"),
        Content(title="x" * 151, body="x"),
        Content(title="x", body="长" * 40_001),
        Content(title="x", body="a\n" * 2_001),
        Content(title="x", body="{{cases.received}}"),
        Content(title="x", body="{{nothing.here}}"),
        Content(title="x", body="{{cases.received period=2050}}"),
        Content(title="x", body="y", tables=(Given(text="a\tb"),)),
    ],
)
def test_what_is_not_sound_is_not_published(
    office: Office, now: datetime, content: Content
) -> None:
    made = office.draft(now, content)
    with pytest.raises(actions.Refused):
        office.publish(made, now)
    assert not Entry.objects.exists()
    assert office.work(made).content


# ---- The sum in the title ----


@pytest.mark.parametrize("title", ["公开招聘35名工作人员", "公开招聘三十五名工作人员"])
def test_a_title_that_differs_from_its_table_is_refused(
    office: Office, now: datetime, title: str
) -> None:
    table = Given(text=POSTS, counted="人数")
    made = office.draft(now, Content(title=title, body="见附表", tables=(table,)))
    with pytest.raises(actions.Refused) as error:
        office.publish(made, now)
    assert what(error) == [("title", 1, 5)]
    assert "34" in str(error.value.problems[0].what)


@pytest.mark.parametrize("title", ["招聘34名", "招聘三十四名", "招聘{{notice.posts}}名"])
def test_a_title_that_agrees_is_published(office: Office, now: datetime, title: str) -> None:
    table = Given(text=POSTS, counted="人数")
    made = office.published(now, Content(title=title, body="见附表", tables=(table,)))
    assert office.work(made).line.title in ("招聘34名", "招聘三十四名")


# ---- Versions ----


def test_a_correction_is_a_new_version_with_its_reason(office: Office, now: datetime) -> None:
    made = office.published(now)
    office.correct(made, now + DAY, body="窗口不调整。", reason="写错了")
    shown = office.shown(made)
    assert (shown.version.version, shown.version.reason) == (2, "写错了")
    assert office.shown(made, 1).content.body == PLAIN.body
    assert shown.previous
    changes = [(c.kind, c.text) for c in queries.changes(shown.previous, shown.content)]
    assert changes == [("same", PLAIN.title), ("gone", PLAIN.body), ("new", "窗口不调整。")]


def test_a_correction_without_a_reason_or_a_change_is_refused(
    office: Office, now: datetime
) -> None:
    made = office.published(now)
    with pytest.raises(actions.Refused) as error:
        office.correct(made, now, body="另一句。")
    assert what(error) == [("reason", 0, 0)]
    with pytest.raises(actions.Refused):
        office.correct(made, now, body=PLAIN.body, reason="无")
    assert Entry.objects.count() == 1


def test_a_published_version_can_be_neither_changed_nor_deleted(
    office: Office, now: datetime
) -> None:
    office.published(now)
    assert "publication_entry" not in triggers.missing()
    for statement in ("UPDATE publication_entry SET reason = 'x'", "DELETE FROM publication_entry"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_every_entry_is_committed_to_the_log(office: Office, now: datetime) -> None:
    before = LogLeaf.objects.count()
    made = office.published(now)
    office.correct(made, now, body="另一句。", reason="改")
    actions.withdraw(publication=made, reason="错", **office.common(now))
    assert LogLeaf.objects.count() == before + 3
    assert list(faults()) == []
    call_command("check_notices")


def test_a_version_that_was_changed_behind_the_database_is_found(
    office: Office, now: datetime
) -> None:
    office.published(now)
    with connection.cursor() as cursor:
        for statement in triggers.remove("publication_entry", vendor=connection.vendor):
            cursor.execute(statement)
        cursor.execute("UPDATE publication_entry SET reason = 'x'")
    assert len(list(faults())) == 1
    with pytest.raises(CommandError):
        call_command("check_notices")


def test_a_withdrawn_notice_stays_at_its_address_for_good(office: Office, now: datetime) -> None:
    made = office.published(now)
    for _ in range(2):
        actions.withdraw(publication=made, reason="已失效", **office.common(now))
    shown = office.shown(made)
    assert shown.line.status == "withdrawn"
    assert [step.kind for step in shown.steps] == ["published", "withdrawn"]
    with pytest.raises(actions.NotNow):
        actions.correct(publication=made, **office.common(now))


@pytest.mark.parametrize("reason", ["", "  ", "长" * 501])
def test_a_withdrawal_needs_a_reason(office: Office, now: datetime, reason: str) -> None:
    made = office.published(now)
    with pytest.raises(actions.Refused):
        actions.withdraw(publication=made, reason=reason, **office.common(now))
    assert office.work(made).line.status == "published"


# ---- Two who write at once ----


def test_an_edit_conflict_is_told_and_loses_nothing(office: Office, now: datetime) -> None:
    made = office.draft(now)
    rev = office.work(made).rev
    mine = replace(PLAIN, body="我的", unit=office.cast.units["garden"])
    office.save(made, replace(mine, body="他的"), now, rev=rev)
    with pytest.raises(actions.Conflict) as error:
        office.save(made, mine, now, rev=rev)
    assert error.value.content.body == "他的"
    office.save(made, mine, now, rev=error.value.rev)
    content = office.work(made).content
    assert content
    assert content.body == "我的"


def test_nobody_publishes_what_he_has_not_seen(office: Office, now: datetime) -> None:
    made = office.draft(now)
    work = office.work(made)
    office.save(made, replace(PLAIN, body="他的", unit=work.line.unit), now)
    with pytest.raises(actions.Conflict):
        actions.publish(publication=made, draft=work.draft or 0, rev=work.rev, **office.common(now))


def test_a_draft_that_was_never_published_goes_with_its_number(
    office: Office, now: datetime
) -> None:
    made = office.draft(now, number="X-1")
    actions.discard(publication=made, rev=office.work(made).rev, **office.common(now))
    assert office.draft(now, number="X-1") != made


# ---- The clock ----


def test_the_clock_publishes_at_the_time_and_not_before(office: Office, now: datetime) -> None:
    made = office.draft(now)
    office.schedule(made, now + DAY, now)
    assert actions.run_clock(now=now + DAY - timedelta(seconds=1)) == 0
    assert office.work(made).line.status == "scheduled"
    assert actions.run_clock(now=now + DAY) == 1
    assert office.work(made).line.status == "published"
    assert actions.run_clock(now=now + DAY) == 0


def test_a_worker_that_dies_in_between_loses_nothing(
    office: Office, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [office.draft(now) for _ in range(3)]
    for one in made:
        office.schedule(one, now + HOUR, now)
    whole, calls = actions._set_clock, []

    def dying(row: Any, draft: Any) -> None:
        calls.append(row)
        if len(calls) == 2:
            raise KeyboardInterrupt
        whole(row, draft)

    monkeypatch.setattr(actions, "_set_clock", dying)
    with pytest.raises(KeyboardInterrupt):
        actions.run_clock(now=now + HOUR)
    assert Entry.objects.count() == 1
    monkeypatch.setattr(actions, "_set_clock", whole)
    assert actions.run_clock(now=now + HOUR) == 2
    assert {office.work(one).line.status for one in made} == {"published"}
    assert Entry.objects.count() == 3
    assert list(faults()) == []


def test_what_ends_says_so_and_stays(office: Office, now: datetime) -> None:
    made = office.published(now, replace(PLAIN, expires_at=(now + DAY).isoformat()))
    assert actions.run_clock(now=now + DAY) == 1
    assert office.shown(made).line.status == "over"
    assert actions.run_clock(now=now + 2 * DAY) == 0


def test_begin_and_end_missed_by_a_worker_that_stood_still_happen_in_order(
    office: Office, now: datetime
) -> None:
    made = office.draft(now, replace(PLAIN, expires_at=(now + 2 * DAY).isoformat()))
    office.schedule(made, now + DAY, now)
    while actions.run_clock(now=now + 3 * DAY):
        pass
    work = office.work(made)
    assert work.line.status == "draft"
    assert work.line.failed
    assert not Entry.objects.exists()


def test_an_end_before_the_beginning_is_refused(office: Office, now: datetime) -> None:
    made = office.draft(now, replace(PLAIN, expires_at=(now + HOUR).isoformat()))
    with pytest.raises(actions.Refused) as error:
        office.schedule(made, now + DAY, now)
    assert what(error) == [("expires_at", 0, 0)]
    with pytest.raises(actions.Refused) as error:
        office.schedule(made, now - DAY, now)
    assert what(error) == [("publish_at", 0, 0)]


def test_saving_takes_a_text_off_the_schedule(office: Office, now: datetime) -> None:
    made = office.draft(now)
    office.schedule(made, now + DAY, now)
    office.save(made, replace(PLAIN, body="改了", unit=office.cast.units["garden"]), now)
    assert actions.run_clock(now=now + 2 * DAY) == 0
    assert office.work(made).line.status == "draft"


def test_a_scheduled_correction_is_published_by_the_clock(office: Office, now: datetime) -> None:
    made = office.published(now)
    actions.correct(publication=made, **office.common(now))
    content = office.work(made).content
    assert content
    office.save(made, replace(content, body="新", reason="改"), now)
    office.schedule(made, now + DAY, now)
    assert office.shown(made).version.version == 1
    assert actions.run_clock(now=now + DAY) == 1
    assert office.shown(made).version.version == 2


def test_who_lost_the_role_publishes_nothing_by_the_clock(office: Office, now: datetime) -> None:
    made = office.draft(now)
    office.schedule(made, now + 5 * DAY, now)
    registry.end_role(
        person=office.cast.people["data1"],
        unit=office.cast.units["government"],
        role="data",
        on=(now + DAY).date(),
    )
    assert actions.run_clock(now=now + 5 * DAY) == 1
    work = office.work(made)
    assert (work.line.status, bool(work.line.failed)) == ("draft", True)


def test_times_are_of_the_district_whatever_zone_they_are_given_in(
    office: Office, now: datetime
) -> None:
    made = office.published(now, replace(PLAIN, expires_at="2026-05-21T00:00:00+08:00"))
    assert actions.run_clock(now=datetime(2026, 5, 20, 15, 59, 59, tzinfo=UTC)) == 0
    assert actions.run_clock(now=datetime(2026, 5, 20, 16, 0, tzinfo=UTC)) == 1
    assert office.work(made).line.status == "over"


def test_a_notice_that_was_taken_away_is_found(office: Office, now: datetime) -> None:
    made = office.published(now)
    office.correct(made, now, body="另一句。", reason="改")
    with connection.cursor() as cursor:
        for statement in triggers.remove("publication_entry", vendor=connection.vendor):
            cursor.execute(statement)
        cursor.execute("DELETE FROM publication_entry WHERE seq = 2")
    assert len(list(faults())) == 1
    assert len(leaves_after(0)[1]) == 1


def test_leaves_of_notices_are_no_fault_of_the_cases(office: Office, now: datetime) -> None:
    office.published(now)
    assert leaves_after(0)[1] == ()


@pytest.mark.django_db(transaction=True)
def test_two_hands_publish_one_version(now: datetime) -> None:
    office = Office(casting.build())
    made = office.draft(now)
    work = office.work(made)

    def hand() -> actions.Published:
        return actions.publish(
            publication=made, draft=work.draft or 0, rev=work.rev, **office.common(now)
        )

    done = race(hand, hand, hand)
    assert sorted(one.already for one in done) == [False, True, True]
    assert {one.version for one in done} == {1}
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_each_thing_once(now: datetime) -> None:
    office = Office(casting.build())
    for _ in range(3):
        office.schedule(office.draft(now), now + HOUR, now)

    def worker() -> int:
        return actions.run_clock(now=now + HOUR)

    assert sum(race(worker, worker)) == 3
    assert Entry.objects.count() == 3
