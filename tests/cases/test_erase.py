"""`luoshi erase`: what identifies a reporter is destroyed, the history still proves itself."""

import errno
import os
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from luoshi.cases import actions, check, erasure, evidence, looks, queries
from luoshi.cases.models import Picture, Report
from luoshi.infra import files, outbox
from luoshi.infra.chores import Piece
from luoshi.infra.models import Delivery
from luoshi.registry import actions as registry
from luoshi.trust import vault
from luoshi.trust.errors import Erased
from luoshi.trust.models import Erasure
from tests.cast import Cast, photo

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


# ---- Pictures ----


def pictures_of(report: Report) -> list[Picture]:
    return list(Picture.objects.filter(report=report.pk).order_by("pk"))


def files_of(rows: list[Picture]) -> set[str]:
    return {name for row in rows for name in (row.copy, row.thumb, row.original)}


def long_ago(names: set[str]) -> None:
    """Files carry the time of the machine, not that of the test."""
    for name in names:
        at = files.path(name).stat().st_mtime - 2 * files.IDLE
        os.utime(files.path(name), (at, at))


def there(names: set[str]) -> set[str]:
    return {name for name in names if files.path(name).exists()}


def work() -> None:
    outbox.run_due(now=timezone.now() + DAY)


def test_his_pictures_go_with_his_words_and_those_of_staff_stay(cast: Cast, now: datetime) -> None:
    row = reported(cast, now, pictures=[photo()])
    cast.do("desk1", row.case_id, "classify", now, category="estate.green")
    cast.do("desk1", row.case_id, "assign", now, owner=cast.units["garden"])
    cast.do("garden1", row.case_id, "acknowledge", now)
    cast.do("garden1", row.case_id, "ask", now, text="在哪里？")
    reply = actions.Command("reply", {})
    actor = actions.Actor(report=row.pk)
    actions.act(
        case=row.case_id, command=reply, actor=actor, now=now, text="这里", pictures=[photo()]
    )
    cast.claim("garden1", row.case_id, now)
    kept = files_of(list(Picture.objects.filter(case=row.case_id, report=None)))
    his = files_of(pictures_of(row))
    long_ago(his | kept)
    assert len(his) == 6 - 2  # of small pictures the copy for lists is the copy itself
    assert "the pictures (2)" in erase(row.number, "--words")
    assert there(his) == his
    assert list(check.faults(read_files=True)) == []
    work()
    assert (there(his), there(kept)) == (set(), kept)
    for one in pictures_of(row):
        assert (one.copy, one.original, one.pixel_hash, one.dhash) == ("", "", None, None)
        assert one.erased_at
    acts = Erasure.objects.exclude(picture_id=None)
    assert {act.picture_id for act in acts} == {one.pk for one in pictures_of(row)}
    assert {act.reason for act in acts} == {WHY}
    assert list(check.faults(read_files=True)) == []
    assert not Delivery.objects.filter(handler="erase.files").exists()
    assert "nothing is left to erase" in erase(row.number, "--words")


def test_what_was_sent_within_the_hour_is_not_tried_in_vain(cast: Cast) -> None:
    row = reported(cast, timezone.now(), pictures=[photo()])
    erase(row.number, "--words")
    waits = Delivery.objects.get(handler="erase.files")
    assert waits.due_at == pictures_of(row)[0].at + timedelta(hours=1)


def test_without_his_words_his_pictures_stay(cast: Cast, now: datetime) -> None:
    row = reported(cast, now, pictures=[photo()])
    erase(row.number)
    work()
    assert pictures_of(row)[0].erased_at is None
    assert list(check.faults(read_files=True)) == []


def test_a_picture_that_another_report_holds_as_well_stays_for_that_one(
    cast: Cast, now: datetime
) -> None:
    same = photo()
    row, other = (reported(cast, now, pictures=[same]) for _ in range(2))
    assert pictures_of(row)[0].copy == pictures_of(other)[0].copy
    long_ago(files_of(pictures_of(row)) | files_of(pictures_of(other)))
    sealed = pictures_of(row)[0].original
    erase(row.number, "--words")
    work()
    assert there({sealed}) == set()
    assert list(check.faults(read_files=True)) == []
    rest = files_of(pictures_of(other))
    assert there(rest) == rest
    erase(other.number, "--words")
    work()
    assert there(rest) == set()


def test_a_picture_that_somebody_handed_in_as_a_proof_stays_there(
    cast: Cast, now: datetime, settings: Settings
) -> None:
    row = reported(cast, now, pictures=[photo()])
    names = files_of(pictures_of(row))
    long_ago(names)
    settings.FILE_OWNERS = [f"{__name__}.all_of_them"]
    erase(row.number, "--words")
    work()
    assert there(names) == names
    assert pictures_of(row)[0].copy == ""


def all_of_them(names: set[str]) -> set[str]:
    return set(names)


def test_while_the_disk_refuses_the_picture_is_erased_and_its_files_wait_for_the_next_try(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = reported(cast, now, pictures=[photo()])
    names = files_of(pictures_of(row))
    long_ago(names)

    def broken(path: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as disk:
        disk.setattr(Path, "unlink", broken)
        erase(row.number, "--words")
        work()
        assert [one.error for one in outbox.failing()] == ["the disk refused (Input/output error)"]
    shown = queries.case_page(case=row.case_id, person=cast.people["desk1"], now=now)
    assert shown is not None
    assert [(p.erased, p.copy, p.thumb) for p in shown.pictures] == [(True, "", "")]
    assert list(check.faults(read_files=True)) == []
    outbox.run_due(now=timezone.now() + 2 * DAY)
    assert (outbox.failing(), there(names)) == ([], set())
    assert pictures_of(row)[0].copy == ""


def test_files_that_are_there_a_day_later_are_told_and_asked_for_again(
    cast: Cast, now: datetime
) -> None:
    row = reported(cast, now, pictures=[photo()])
    names = files_of(pictures_of(row))
    long_ago(names)
    erase(row.number, "--words")
    Delivery.objects.all().delete()
    later = timezone.now() + DAY / 2
    assert erasure.nightly(0, now=later) == Piece(None)
    later += DAY
    told = f"picture {pictures_of(row)[0].pk} is erased, its files are still there"
    assert erasure.nightly(0, now=later) == Piece(None, (told,))
    outbox.run_due(now=later)
    assert there(names) == set()
    assert erasure.nightly(0, now=later) == Piece(None)


def test_a_process_that_dies_between_files_and_row_is_made_up_for(
    cast: Cast, now: datetime
) -> None:
    row = reported(cast, now, pictures=[photo(), photo()])
    names = files_of(pictures_of(row))
    long_ago(names)
    erase(row.number, "--words")
    files.discard(min(names))
    work()
    assert there(names) == set()
    assert {one.copy for one in pictures_of(row)} == {""}


def test_of_an_erasure_that_fails_nothing_is_left(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = reported(cast, now, pictures=[photo()])

    def full(**given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(outbox, "enqueue", full)
    with pytest.raises(OSError, match="No space"):
        erasure.pictures(report=row.pk, by=cast.people["admin1"], reason=WHY, now=now)
    assert pictures_of(row)[0].erased_at is None
    assert not Erasure.objects.exists()


def test_an_erased_picture_is_no_ground_to_refuse_the_same_one_later(
    cast: Cast, now: datetime
) -> None:
    same = photo()
    row = reported(cast, now, pictures=[same])
    ready = evidence.prepare([same])
    assert evidence.used_before(cast.district, ready)
    erase(row.number, "--words")
    assert not evidence.used_before(cast.district, ready)
    assert looks.look_alikes(cast.district, ready) == {}


def test_a_picture_that_is_gone_without_an_erasure_on_record_is_a_fault(
    cast: Cast, now: datetime
) -> None:
    row = reported(cast, now, pictures=[photo()])
    Picture.objects.filter(report=row.pk).update(erased_at=now, **erasure.NOTHING)
    assert any("nobody put down that he erased it" in str(one) for one in check.faults())


# ---- Asking ----


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
