"""Pictures that look nearly like an earlier one: found fast, refused until explained."""

import copy
import json
import random
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance

from luoshi.cases import actions, check, evidence, looks, queries
from luoshi.cases.actions import Actor, Command, Refused
from luoshi.cases.models import Picture
from tests.cast import Cast, photo, view

Change = Callable[[Image.Image], bytes]
BITS = st.integers(min_value=-(2**63), max_value=2**63 - 1)


def yard(*, plots: int = 6, sky: str = "lightblue") -> Image.Image:
    """A yard as a phone would take it: sky, ground, houses, vegetable plots."""
    image = Image.new("RGB", (1200, 900), sky)
    pen = ImageDraw.Draw(image)
    for line in range(380, 900):
        pen.line((0, line, 1200, line), fill=(60 + line // 12, 90 + line // 16, 60))
    for n, (left, top) in enumerate(((40, 150), (330, 60), (610, 210), (900, 20))):
        pen.rectangle((left, top, left + 210, 420), fill=(190 - 25 * n, 160 + 9 * n, 140))
    for n in range(plots):
        left = 60 + n * 180
        pen.ellipse((left, 500 + 40 * (n % 3), left + 120, 700 + 30 * (n % 4)), fill="saddlebrown")
    return image


def saved(image: Image.Image, *, quality: int = 90, kind: str = "JPEG") -> bytes:
    out = BytesIO()
    image.save(out, kind, quality=quality)
    return out.getvalue()


def cut(image: Image.Image) -> Image.Image:
    width, height = image.size
    return image.crop((width // 100, height // 100, width * 99 // 100, height * 99 // 100))


COPIES: dict[str, Change] = {
    "saved again": lambda image: saved(image, quality=40),
    "as a PNG": lambda image: saved(image, kind="PNG"),
    "scaled": lambda image: saved(image.resize((420, 315))),
    "brightened": lambda image: saved(ImageEnhance.Brightness(image).enhance(1.15)),
    "in grey": lambda image: saved(image.convert("L")),
    "cut a little": lambda image: saved(cut(image)),
    "mirrored": lambda image: saved(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), quality=60),
    "turned": lambda image: saved(image.transpose(Image.Transpose.ROTATE_90)),
    "upside down": lambda image: saved(image.transpose(Image.Transpose.ROTATE_180)),
}


def claim(
    cast: Cast, case: int, picture: bytes, now: datetime, *, explanation: str = ""
) -> actions.Done:
    return actions.act(
        case=case,
        command=Command("claim", {"outcome": "fixed", "measures": ["cleared"]}),
        actor=cast.actor("community1"),
        now=now,
        text="cleared",
        pictures=[picture],
        explanation=explanation,
    )


@pytest.mark.parametrize("change", COPIES.values(), ids=COPIES)
def test_a_copy_is_refused_until_it_is_explained(cast: Cast, now: datetime, change: Change) -> None:
    cast.report(now, pictures=[saved(yard())])
    case = cast.handling(now)
    with pytest.raises(Refused, match="look_alike_unexplained"):
        claim(cast, case, change(yard()), now)
    assert Picture.objects.count() == 1
    done = claim(cast, case, change(yard()), now, explanation="taken from the same spot")
    assert done.state.status == "claimed"
    first, second = Picture.objects.order_by("pk")
    assert (first.like, second.like) == (None, first.pk)


def test_another_place_needs_no_explanation(cast: Cast, now: datetime) -> None:
    cast.report(now, pictures=[saved(yard())])
    case = cast.handling(now)
    assert claim(cast, case, view(seed=4), now).state.status == "claimed"
    assert not Picture.objects.filter(like__isnull=False).exists()


def test_the_verifiers_own_pictures_are_held_against_earlier_ones_as_well(
    cast: Cast, now: datetime
) -> None:
    case = cast.handling(now)
    verifier = cast.name_of(claim(cast, case, saved(yard()), now).state.verifier)
    cast.do(verifier, case, "open", now)
    shown: dict[str, Any] = {"passed": False, "text": "look", "pictures": [saved(cut(yard()))]}
    with pytest.raises(Refused, match="look_alike_unexplained"):
        cast.do(verifier, case, "verify", now, **shown)
    cast.do(verifier, case, "verify", now, **shown, explanation="the same view, a day later")
    page = queries.case_page(case=case, person=cast.people["desk1"], now=now)
    assert page
    (like,) = page.likes.values()
    assert (like.case, like.explanation) == (case, "the same view, a day later")
    (verified,) = [entry for entry in page.entries if entry.kind == "verified"]
    assert verified.explanation == "the same view, a day later"


def test_two_pictures_of_one_claim_may_look_alike(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    cast.do(
        "community1", case, "claim", now,
        outcome="fixed", measures=["cleared"], text="cleared",
        pictures=[saved(yard()), saved(cut(yard()))],
    )  # fmt: skip
    assert Picture.objects.filter(like=None).count() == 2


def test_another_district_is_another_matter(cast: Cast, now: datetime) -> None:
    cast.report(now, pictures=[saved(yard())])
    ready = evidence.prepare([saved(cut(yard()))])
    assert list(looks.look_alikes(cast.district, ready)) == [0]
    assert looks.look_alikes(cast.district + 1, ready) == {}


def test_what_a_reporter_sends_again_needs_no_explanation(cast: Cast, now: datetime) -> None:
    got = cast.report(now, pictures=[saved(yard())])
    actions.act(
        case=got.case,
        command=Command("reply"),
        actor=Actor(report=got.report),
        now=now,
        pictures=[saved(cut(yard()))],
    )
    assert Picture.objects.filter(like=None).count() == 2


def test_an_explanation_is_kept_in_the_vault_and_never_in_the_event(
    cast: Cast, now: datetime
) -> None:
    cast.report(now, pictures=[saved(yard())])
    case = cast.handling(now)
    given = {"outcome": "fixed", "measures": ["cleared"], "explanation": "among the data"}
    with pytest.raises(Refused, match="look_alike_unexplained"):
        actions.act(
            case=case,
            command=Command("claim", given),
            actor=cast.actor("community1"),
            now=now,
            text="cleared",
            pictures=[saved(cut(yard()))],
        )
    claim(cast, case, saved(cut(yard())), now, explanation="same spot")
    row = Picture.objects.get(case=case)
    page = queries.case_page(case=case, person=cast.people["desk1"], now=now)
    assert page
    (claimed,) = [entry for entry in page.entries if entry.kind == "claimed"]
    assert claimed.data["explanation"] == row.explanation
    assert "same spot" not in json.dumps(dict(claimed.data))
    assert list(check.faults()) == []


# ---- Who sees the earlier one ----


def likes_of(case: int, person: int, now: datetime) -> queries.Like:
    page = queries.case_page(case=case, person=person, now=now)
    assert page
    (like,) = page.likes.values()
    return like


def test_whoever_may_not_see_the_earlier_case_learns_only_the_day(
    cast: Cast, now: datetime
) -> None:
    other = cast.handling(now, owner="garden", pictures=[saved(yard())])
    case = cast.handling(now)
    claim(cast, case, saved(cut(yard())), now, explanation="same spot")
    seen = likes_of(case, cast.people["desk1"], now)
    assert (seen.case, seen.picture) == (other, Picture.objects.get(case=other).pk)
    hidden = likes_of(case, cast.people["community1"], now)
    assert (hidden.case, hidden.picture, hidden.number) == (None, None, "")
    assert hidden.at == now


def test_a_confidential_report_is_never_told_of(cast: Cast, now: datetime) -> None:
    cast.report(now, pictures=[saved(yard())], confidential=True)
    case = cast.handling(now)
    claim(cast, case, saved(cut(yard())), now, explanation="same spot")
    for who in ("desk1", "community1"):
        like = likes_of(case, cast.people[who], now)
        assert (like.case, like.picture, like.number) == (None, None, "")


# ---- The search ----


@given(BITS, st.sets(st.integers(min_value=0, max_value=63), max_size=looks.NEAR))
def test_of_few_differing_bits_one_band_has_at_most_one(dhash: int, flipped: set[int]) -> None:
    other = dhash
    for bit in flipped:
        other ^= 1 << bit
    pairs = zip(looks.bands(dhash), looks.bands(other), strict=True)
    assert min((one ^ two).bit_count() for one, two in pairs) <= 1


def test_every_bit_lies_in_one_band() -> None:
    assert sorted(bit for band in looks.BANDS for bit in band) == list(range(64))


def test_nine_pictures_cost_one_query(cast: Cast, now: datetime) -> None:
    cast.report(now, pictures=[photo() for _ in range(9)])
    ready = evidence.prepare([photo() for _ in range(9)])
    with CaptureQueriesContext(connection) as captured:
        assert looks.look_alikes(cast.district, ready) == {}
    assert len(captured) == 1


def test_the_search_reads_nothing_but_its_four_indexes(cast: Cast, now: datetime) -> None:
    cast.report(now, pictures=[photo()])
    _many_pictures(3000)
    ready = evidence.prepare([photo(seed=1)])
    with CaptureQueriesContext(connection) as captured:
        looks.look_alikes(cast.district, ready)
    plan = _plan(captured[0]["sql"])
    for band in range(4):
        assert f"picture_band{band}" in plan, plan
    assert "SCAN cases_picture" not in plan, plan
    assert "Seq Scan" not in plan, plan


def _many_pictures(count: int) -> None:
    """So many other rows that the planner has something to choose."""
    first, chance = Picture.objects.get(), random.Random(3)
    rows = []
    for n in range(count):
        row = copy.copy(first)
        row.pk, row.dhash = first.pk + 1 + n, chance.getrandbits(63)
        row.band0, row.band1, row.band2, row.band3 = looks.bands(row.dhash)
        rows.append(row)
    Picture.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _plan(statement: str) -> str:
    words = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{words} {statement}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_a_case_page_costs_the_same_with_two_likes_and_with_nine(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    few = _cost_with(cast, case, now, 2)
    assert _cost_with(cast, cast.handling(now), now, 9) == few


def _cost_with(cast: Cast, case: int, now: datetime, count: int) -> int:
    images = [Image.open(BytesIO(view())) for _ in range(count)]
    for image in images:
        cast.handling(now, owner="garden", pictures=[saved(image)])
    actions.act(
        case=case,
        command=Command("claim", {"outcome": "fixed", "measures": ["cleared"]}),
        actor=cast.actor("community1"),
        now=now,
        text="cleared",
        pictures=[saved(image, quality=40) for image in images],
        explanation="the same spots",
    )
    with CaptureQueriesContext(connection) as captured:
        page = queries.case_page(case=case, person=cast.people["desk1"], now=now)
    assert page
    assert len(page.likes) == count
    return len(captured)
