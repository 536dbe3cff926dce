"""What speaks against a claim: told to the handler when he sends it, to the verifier beside it."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from bench.honesty import shots
from luoshi.cases import queries
from tests import cast as casting
from tests.cast import Cast
from tests.pages.rooms import body, enter, section

WORDS = "已张贴温馨提示并在业主群内通知，请居民自行处理堆放的杂物"


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


def test_the_handler_reads_which_picture_is_of_another_time(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    old = shots.shot(of="yard", taken=timezone.localtime(now) - timedelta(days=12))
    client = enter(cast, "community1")
    line = queries.line(case)
    assert line
    answer = client.post(
        f"/case/{case}/do/claim/",
        {
            "seen": line.seq, "outcome": "fixed", "measures": ["cleared"], "text": "cleared",
            "pictures": [SimpleUploadedFile("a.jpg", old, "image/jpeg")],
        },
    )  # fmt: skip
    page = body(answer, 409)
    assert "Picture 1: Taken 12 days before the case was assigned" in page
    assert 'id="claim_why" open' in page


def test_the_verifier_reads_all_that_speaks_against_it(cast: Cast, now: datetime) -> None:
    def claim(case: int, **more: object) -> str:
        done = cast.do(
            "community1", case, "claim", now,
            outcome="fixed", measures=["cleared"], text=WORDS, **more,
        )  # fmt: skip
        return cast.name_of(done.state.verifier)

    claim(cast.handling(now), pictures=[shots.shot(of="one")])
    case = cast.handling(now)
    old = shots.shot(of="two", taken=timezone.localtime(now) - timedelta(days=12))
    plain = shots.shot(of="three")
    verifier = claim(case, pictures=[old, plain], explanation="the camera has no battery")
    cast.do(verifier, case, "open", now)
    page = body(enter(cast, verifier).get(f"/verifier/{case}/"))
    claimed = section(page, "What the unit claims")
    assert "100% the same as" in claimed
    assert "These words name only a notice or a reminder" in claimed
    assert "Taken 12 days before the case was assigned" in claimed
    assert "No time or place of its own" in claimed
    assert "the camera has no battery" in claimed
    check = section(page, "What to check")
    assert "A picture was taken at another time or place" in check
    assert "The reply repeats another one" in check
