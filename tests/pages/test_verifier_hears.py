"""On the papers the verifier hears the reporter; a picture like an earlier one is explained."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageEnhance

from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Command
from luoshi.cases.models import Picture
from luoshi.trust import codes
from tests import cast as casting
from tests.cast import Cast, view
from tests.pages.giving import form_of, give, has_form
from tests.pages.rooms import body, enter, section

CLAIM: dict[str, Any] = {"outcome": "fixed", "measures": ["cleared"], "text": "已清理"}
CODE = codes.new_code()


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.RAISED_PERCENT = 0
    return casting.build()


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


def opened(cast: Cast, now: datetime, **given: Any) -> tuple[int, str]:
    case, verifier = cast.claimed(now, **given)
    cast.do(verifier, case, "open", now)
    return case, verifier


def task(client: Client, case: int) -> str:
    return body(client.get(f"/verifier/{case}/"))


def send(client: Client, case: int, command: str, **fields: Any) -> Any:
    """From the task page, as a browser without scripts does."""
    page = task(client, case)
    seen = queries.line(case).seq  # type: ignore[union-attr]
    assert form_of(page, case, command)
    data = {"seen": seen, "next": f"/verifier/{case}/", **fields}
    return client.post(f"/case/{case}/do/{command}/", data)


def tracking() -> str:
    """The reporter's own page of his report."""
    client = Client(headers={"Accept-Language": "en"})
    client.post("/track/", {"by": "code", "code": CODE})
    return body(client.get("/track/mine/"))


# ---- The verifier hears the reporter ----


def test_the_verifier_asks_and_reads_the_answer_on_the_task_page(cast: Cast, now: datetime) -> None:
    case, verifier = opened(cast, now, code=CODE)
    client = enter(cast, verifier)
    answer = send(client, case, "ask", text="Is the lock gone?")
    assert answer.headers["Location"] == f"/verifier/{case}/"
    assert "Is the lock gone?" in section(task(client, case), "What was reported")

    report = queries.by_code(cast.district, CODE)
    assert report
    told = queries.tracked(report, now=now)
    assert [(e.text, e.person) for e in told.entries if e.kind == "asked"] == [
        ("Is the lock gone?", None)
    ]
    actions.act(
        case=case, command=Command("reply"), actor=Actor(report=report), now=now, text="It is gone"
    )
    said = section(task(client, case), "What was reported")
    assert said.index("Is the lock gone?") < said.index("It is gone")
    assert "Your question" in said
    assert "The reporter has answered" in body(client.get("/verifier/"))


def test_the_reporter_reads_who_asks_but_no_name(cast: Cast, now: datetime) -> None:
    case, verifier = opened(cast, now, code=CODE)
    cast.do(verifier, case, "ask", now, text="Is the lock gone?")
    page = tracking()
    assert "A question to you from whoever checks it independently" in page
    assert "Is the lock gone?" in page
    assert verifier not in page


def test_nobody_else_asks_while_a_claim_stands(cast: Cast, now: datetime) -> None:
    case, _ = opened(cast, now)
    with pytest.raises(actions.Refused, match="asked_out_of_turn"):
        cast.do("community1", case, "ask", now, text="?")
    page = body(enter(cast, "community1").get(f"/case/{case}/"))
    assert not has_form(page, "ask")
    assert "the drawn verifier while the claim stands" in page


def test_passing_unheard_is_refused_with_what_to_do(cast: Cast, now: datetime) -> None:
    case, verifier = opened(cast, now)
    answer = send(enter(cast, verifier), case, "verify", passed="yes", text="fine")
    assert "On the papers the reporter is heard first" in body(answer, 400)
    assert queries.line(case).state.status == "claimed"  # type: ignore[union-attr]


def test_what_was_said_on_the_phone_is_written_down(cast: Cast, now: datetime) -> None:
    case, verifier = opened(cast, now)
    client = enter(cast, verifier)
    answer = send(client, case, "verify", passed="yes", heard="call")
    assert "Write what the reporter said" in body(answer, 400)
    send(client, case, "verify", passed="yes", heard="call", text="he says it is done")
    assert queries.line(case).state.status == "verdict"  # type: ignore[union-attr]
    page = body(enter(cast, "desk1").get(f"/case/{case}/"))
    history = section(page, "What happened")
    assert "By phone, through the desk" in history
    assert "he says it is done" in history


def test_an_answer_here_can_be_chosen_only_once_there_is_one(cast: Cast, now: datetime) -> None:
    case, verifier = opened(cast, now, code=CODE)
    client = enter(cast, verifier)
    assert 'value="reply"' not in form_of(task(client, case), case, "verify")
    answer = send(client, case, "verify", passed="yes", heard="reply", text="fine")
    assert "has not answered while this claim stood" in body(answer, 400)
    report = queries.by_code(cast.district, CODE)
    actions.act(
        case=case, command=Command("reply"), actor=Actor(report=report), now=now, text="gone"
    )
    send(client, case, "verify", passed="yes", heard="reply")
    assert queries.line(case).state.status == "verdict"  # type: ignore[union-attr]


def test_sending_it_back_needs_nobody_heard(cast: Cast, now: datetime) -> None:
    case, verifier = opened(cast, now)
    send(enter(cast, verifier), case, "verify", passed="no", text="the lock is still there")
    assert queries.line(case).state.status == "handling"  # type: ignore[union-attr]


def test_on_site_or_without_a_reporter_nobody_is_asked_how_he_heard_him(
    cast: Cast, now: datetime, settings: Any
) -> None:
    case, verifier = opened(cast, now, phone=None)
    page = task(enter(cast, verifier), case)
    assert "How did you hear the reporter" not in page
    assert not has_form(page, "ask")
    settings.RAISED_PERCENT = 100
    case, verifier = opened(cast, now)
    assert "How did you hear the reporter" not in task(enter(cast, verifier), case)


# ---- Pictures that look like an earlier one ----


def lighter(picture: bytes) -> bytes:
    out = BytesIO()
    with Image.open(BytesIO(picture)) as image:
        ImageEnhance.Brightness(image).enhance(1.04).save(out, "JPEG", quality=85)
    return out.getvalue()


def sent(picture: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("now.jpg", picture, content_type="image/jpeg")


def test_a_refused_claim_comes_back_with_the_field_open_and_the_words_kept(
    cast: Cast, now: datetime
) -> None:
    first = view()
    case = cast.handling(now, pictures=[first])
    client = enter(cast, "community1")
    before = form_of(body(client.get(f"/case/{case}/")), case, "claim")
    assert '<details class="more" id="claim_why">' in before
    answer = give(client, case, "claim", **CLAIM, pictures=[sent(lighter(first))])
    page = form_of(body(answer, 409), case, "claim")
    assert "looks nearly like an earlier one" in page
    assert "Choose the pictures again" in page
    assert '<details class="more" id="claim_why" open>' in page
    assert "已清理" in page

    answer = give(
        client, case, "claim", **CLAIM,
        pictures=[sent(lighter(first))], explanation="from the same window",
    )  # fmt: skip
    assert answer.status_code == 302
    assert Picture.objects.filter(like__isnull=False).count() == 1


def test_with_scripts_the_pictures_stay_and_the_field_is_opened(cast: Cast, now: datetime) -> None:
    first = view()
    case = cast.handling(now, pictures=[first])
    seen = queries.line(case).seq  # type: ignore[union-attr]
    answer = enter(cast, "community1").post(
        f"/case/{case}/do/claim/",
        {**CLAIM, "seen": seen, "pictures": [sent(lighter(first))]},
        headers={"HX-Request": "true"},
    )
    page = body(answer, 409)
    assert 'data-opens="claim_why"' in page
    assert "Choose the pictures again" not in page


def alike(cast: Cast, now: datetime, *, earlier: int | None = None) -> tuple[int, str]:
    """A claim with a picture that looks like one of `earlier`, or of its own report."""
    first = view(seed=7)
    case = cast.handling(now, pictures=() if earlier else [first])
    done = cast.do(
        "community1", case, "claim", now, **CLAIM,
        pictures=[lighter(first)], explanation="from the same window",
    )  # fmt: skip
    verifier = cast.name_of(done.state.verifier)
    cast.do(verifier, case, "open", now)
    return case, verifier


def test_the_verifier_sees_explanation_and_both_pictures(cast: Cast, now: datetime) -> None:
    case, verifier = alike(cast, now)
    first, second = Picture.objects.order_by("pk")
    claimed = section(task(enter(cast, verifier), case), "What the unit claims")
    assert "from the same window" in claimed
    assert "Looks like a picture of" in claimed
    assert f"/case/picture/{first.pk}/?small=1" in claimed
    assert f"/case/picture/{second.pk}/?small=1" in claimed


def test_the_history_shows_explanation_and_both_pictures(cast: Cast, now: datetime) -> None:
    case, _ = alike(cast, now)
    first, second = Picture.objects.order_by("pk")
    history = section(body(enter(cast, "desk1").get(f"/case/{case}/")), "What happened")
    assert "from the same window" in history
    assert "Looks like a picture of" in history
    assert f"/case/picture/{first.pk}/?small=1" in history
    assert f"/case/picture/{second.pk}/?small=1" in history


def test_of_another_case_only_the_day_is_told_to_whoever_may_not_see_it(
    cast: Cast, now: datetime
) -> None:
    earlier = cast.report(now, pictures=[view(seed=7)]).case
    case, verifier = alike(cast, now, earlier=earlier)
    number = queries.line(earlier).number  # type: ignore[union-attr]
    page = task(enter(cast, verifier), case)
    first = Picture.objects.get(case=earlier)
    assert "Looks like a picture of" in page
    assert "from the same window" in page
    assert number not in page
    assert f"/case/picture/{first.pk}/" not in page
    desk = body(enter(cast, "desk1").get(f"/case/{case}/"))
    assert f'href="/case/{earlier}/"' in desk
    assert f"/case/picture/{first.pk}/" in desk
