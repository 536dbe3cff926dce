"""A district adds a field of its own, and all of it works through the pages: from a folder with a
pack alone, and no line of Python."""

import re
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from luoshi.cases import queries as cases
from luoshi.expectations import actions, queries
from luoshi.packs.load import install
from luoshi.registry import actions as registry
from luoshi.rules.state import Status
from tests import cast as casting
from tests.cast import Cast, photo
from tests.expectations.test_seventh_field import PACK
from tests.pages.rooms import body, enter, section
from tests.pages.test_entries import PDF, token

DATE = """
  - code: playground.plan
    version: 1
    kind: playground
    title: 年度维护方案已交
    title_en: The plan of the year is handed in
    source: own
    named: false
    severity: ordinary
    days: 5
    tier: papers
    category: playground.care
    from: "2026-01-01"
    date: {due: "2026-03-31", proof: document}
"""


def upload(name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF if name.endswith(".pdf") else photo())


def installed(folder: Path) -> tuple[Cast, int]:
    (folder / "playgrounds").mkdir()
    text = PACK.replace("\ncategories:", f"{DATE}categories:")
    (folder / "playgrounds" / "pack.yaml").write_text(text, encoding="utf-8")
    cast = casting.build()
    install(district=cast.district, now=timezone.now(), folders=[folder])
    there = registry.create_subject(
        district=cast.district, kind="playground", name="东园", area=cast.community_area
    )
    registry.create_duty(
        district=cast.district, unit=cast.units["garden"], person=cast.people["garden1"],
        valid_from=date(2026, 1, 1), category="playground",
    )  # fmt: skip
    return cast, there


def command(client: Client, case: int, name: str, **given: Any) -> None:
    page = body(client.get(f"/case/{case}/"))
    answer = client.post(f"/case/{case}/do/{name}/", {"seen": token(page, "seen"), **given})
    assert answer.status_code == 302, body(answer, answer.status_code)


def test_a_field_works_through_the_pages_from_its_pack_alone(
    db: None, tmp_path: Path, settings: Any
) -> None:
    settings.RAISED_PERCENT = 0
    cast, there = installed(tmp_path)
    leader, inspector = enter(cast, "leader1"), enter(cast, "inspector1")
    data, handler = enter(cast, "data1"), enter(cast, "garden1")

    # It is in the overview, and its subjects on their pages.
    assert "Playground safety" in body(leader.get("/fields/"))
    assert "The surface is whole" in body(leader.get("/fields/playgrounds/"))
    expected = section(body(leader.get(f"/subjects/{there}/")), "What is expected")
    assert "never checked" in expected
    assert "garden1" in expected

    # A person looks; what is unmet opens a case with whoever answers for it.
    page = body(inspector.get(f"/subjects/{there}/check/"))
    start = re.search(r'name="(look_\d+_)result"', page)
    assert start
    looked = inspector.post(
        f"/subjects/{there}/check/",
        {"token": token(page), f"{start[1]}result": "unmet", f"{start[1]}pictures": upload()},
    )
    case = re.search(r"/case/(\d+)/", body(inspector.get(looked.headers["Location"])))
    assert case
    broken = int(case[1])

    # Figures, a record and a proof are entered on forms made from the pack.
    figures = {
        "period": "2026-Q1", "of-swings": "10", "of-checked": "8", "return-source": "园林处",
        "return-day": "2026-04-02",
    }  # fmt: skip
    preview = body(data.post(f"/subjects/{there}/figures/", figures))
    assert "80 %, at least 90 % is demanded" in preview
    figures |= {"step": "save", "seen": token(preview, "seen")}
    assert data.post(f"/subjects/{there}/figures/", figures).status_code == 302
    walk = f"/subjects/{there}/records/walk/"
    given = {"on": timezone.localdate().isoformat(), "told-by": "管理员"}
    given["token"] = token(body(handler.get(walk)))
    assert handler.post(walk, given).status_code == 302
    link = re.search(rf"/subjects/{there}/proof/\d+/", body(handler.get("/entries/")))
    assert link
    proof = {"token": token(body(handler.get(link[0]))), "document": upload("plan.pdf")}
    assert handler.post(link[0], proof).status_code == 302
    assert actions.evaluate(district=cast.district, now=timezone.now()).findings == 1
    row = section(body(leader.get("/fields/playgrounds/")), "Newest findings")
    assert "Nine in ten swings are checked" in row

    # Its unit puts it right, and somebody independent looks again.
    command(handler, broken, "acknowledge", person=str(cast.people["garden1"]))
    command(
        handler, broken, "claim",
        outcome="fixed", measures=["repaired"], text="已换铺面", pictures=upload(),
    )  # fmt: skip
    drawn = cases.lines_of([broken])[broken].state.verifier
    verifier = enter(cast, cast.name_of(drawn))
    task = f"/verifier/{broken}/"
    command_open = {"seen": token(body(verifier.get(task)), "seen")}
    assert verifier.post(f"/case/{broken}/do/open/", command_open).status_code == 302
    page = section(body(verifier.get(task)), "Your decision")
    look = re.search(r'name="(look_\d+_\d+_)result"', page)
    assert look
    decided = {"seen": token(page, "seen"), "passed": "yes", "text": "看过", "pictures": upload()}
    decided[f"{look[1]}result"] = "met"
    answer = verifier.post(f"/case/{broken}/do/verify/", decided)
    assert answer.status_code == 302, body(answer, answer.status_code)
    assert cases.lines_of([broken])[broken].state.status is Status.CLOSED
    [counted] = [
        one
        for one in queries.overview(cast.district, "playgrounds", on=timezone.localdate())
        if one.demand.code == "playground.surface"
    ]
    assert (counted.met, counted.unmet) == (1, 0)

    # And everybody may read how it stands.
    public = body(Client(headers={"Accept-Language": "en"}).get(f"/places/{there}/"))
    assert "The plan of the year is handed in" in public
    assert "In order" in public
    assert "garden1" not in public
