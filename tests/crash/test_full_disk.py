"""No room left for a picture: the reporter is told, nothing is stored by half, and trying again
after somebody made room succeeds."""

import errno
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from pytest_django import Settings

from luoshi.cases import check
from luoshi.cases.models import Case, CaseEvent, IdempotencyKey, Picture, Report
from luoshi.cases.wording import REFUSAL, refusal
from luoshi.infra.files import StorageFull
from luoshi.trust.models import LogLeaf, VaultRecord
from tests.cast import Cast, photo
from tests.crash.storm import Hidden

NO_ROOM = "Pictures cannot be stored at the moment. Please send the report without them."
EVERY_TABLE = (Case, CaseEvent, IdempotencyKey, Picture, Report, LogLeaf, VaultRecord)


@pytest.fixture
def var(tmp_path: Path, settings: Settings) -> Path:
    """A disk of our own."""
    settings.LUOSHI_VAR = tmp_path
    return tmp_path


@pytest.fixture
def disk(var: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """`disk(n)`: from now on n bytes fit, as on a disk that others fill too."""
    real = os.write

    def leave(room: int) -> None:
        left = [room]

        def write(handle: int, data: bytes) -> int:
            if left[0] <= 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            written = real(handle, bytes(data)[: left[0]])
            left[0] -= written
            return written

        monkeypatch.setattr(os, "write", write)

    return leave


def files_in(var: Path) -> list[Path]:
    return [path for path in var.glob("files/**/*") if path.is_file()]


@pytest.mark.django_db
def test_a_report_whose_second_picture_finds_no_room_is_refused_whole(
    cast: Cast, now: datetime, var: Path, disk: Callable[[int], None]
) -> None:
    cast.report(now, pictures=[photo()])  # keys and folders exist
    before, counts = len(files_in(var)), [model.objects.count() for model in EVERY_TABLE]
    first, second = photo(), photo()
    disk(2 * len(first) + len(second) // 2)
    with pytest.raises(StorageFull) as full:
        cast.report(now, external_id="m2", pictures=[first, second])
    assert refusal(full.value.code) == REFUSAL["storage_full"]
    assert [model.objects.count() for model in EVERY_TABLE] == counts
    # What was stored of the first picture is whole; nothing bears half a name or half a file.
    assert not [path for path in files_in(var) if path.name.endswith(".new")]
    assert len(files_in(var)) <= before + 2

    disk(10**9)
    again = cast.report(now, external_id="m2", pictures=[first, second])
    assert not again.repeated
    assert Picture.objects.filter(report=again.report).count() == 2
    assert [str(fault) for fault in check.faults(read_files=True)] == []


@pytest.mark.django_db
def test_a_claim_whose_picture_finds_no_room_changes_nothing_and_can_be_made_again(
    cast: Cast, now: datetime, disk: Callable[[int], None]
) -> None:
    case = cast.handling(now)
    disk(100)
    with pytest.raises(StorageFull):
        cast.claim("community1", case, now)
    assert Case.objects.get(pk=case).status == "handling"
    disk(10**9)
    assert cast.claim("community1", case, now).state.status == "claimed"
    assert [str(fault) for fault in check.faults(read_files=True)] == []


@pytest.mark.django_db
def test_who_sends_the_form_is_told_keeps_his_words_and_may_send_again(
    cast: Cast, now: datetime, client: Client, disk: Callable[[int], None]
) -> None:
    cast.report(now, pictures=[photo()])  # keys and folders exist
    page = client.get("/report/").content.decode()
    typed = {"text": "绿地被种菜，一直没人管", "place": "示范新村"}
    fields = Hidden.of(page) | typed
    disk(100)
    refused = client.post("/report/", {**fields, "pictures": upload()})
    told = refused.content.decode()
    assert refused.status_code == 422
    assert typed["text"] in told
    with translation.override("zh-hans"):
        assert gettext(NO_ROOM) in told
    assert Report.objects.count() == 1

    disk(10**9)
    sent = client.post("/report/", {**Hidden.of(told), **typed, "pictures": upload()})
    assert sent.status_code == 302
    assert (Report.objects.count(), Picture.objects.count()) == (2, 2)


def upload() -> object:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("a.jpg", photo(), content_type="image/jpeg")
