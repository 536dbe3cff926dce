"""The pages of notices: what everybody reads, and what their editors do."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from luoshi.publication import actions
from luoshi.publication.content import Content
from luoshi.publication.models import Entry, Publication
from luoshi.publication.tables import Given
from tests.pages.rooms import body, cost, enter
from tests.publication.office import POSTS, Office, every_state

DAY = timedelta(days=1)
SCRIPT = "<script>alert(1)</script><b onclick=x>b</b>"


@pytest.fixture
def real() -> datetime:
    """Pages ask the clock of the machine."""
    return timezone.now()


@pytest.fixture
def reader() -> Client:
    return Client(headers={"Accept-Language": "en"})


@pytest.fixture
def editor(office: Office) -> Client:
    return enter(office.cast, "data1")


# ---- What everybody reads ----


def test_markup_of_authors_is_shown_as_they_wrote_it(
    office: Office, real: datetime, reader: Client
) -> None:
    table = Given(text=f"a\tb\n{SCRIPT}\tx", title=SCRIPT, source=SCRIPT)
    content = Content(title=SCRIPT, body=f"# {SCRIPT}\n- {SCRIPT}\n{SCRIPT}", tables=(table,))
    made = office.published(real, content)
    office.correct(made, real, body="y", reason=SCRIPT)
    for path in ("", "1/", "2/", "print/"):
        page = body(reader.get(f"/n/{office.work(made).line.number}/{path}"))
        assert "<script>alert" not in page
        assert "<b onclick" not in page
        assert "&lt;script&gt;" in page
    assert "<script>alert" not in body(reader.get("/n/"))
    assert b"<script>" not in reader.get("/n/feed.xml").content


def test_a_correction_is_seen_with_what_changed(
    office: Office, real: datetime, reader: Client
) -> None:
    made = every_state(office.cast, real)
    page = body(reader.get("/n/A-1/"))
    assert "Corrected on" in page
    assert "More time to apply" in page
    assert "<del>岗位见附表。</del>" in page
    assert "An earlier version: 1 of 2" in body(reader.get("/n/A-1/1/"))
    assert reader.get("/n/A-1/3/").status_code == 404
    assert office.shown(made["corrected"]).line.title == "公开招聘34名工作人员"


def test_what_is_withdrawn_or_over_stays_and_says_so(
    office: Office, real: datetime, reader: Client
) -> None:
    every_state(office.cast, real)
    withdrawn = body(reader.get("/n/A-2/"))
    assert "Withdrawn on" in withdrawn
    assert "Wrong place" in withdrawn
    assert "This is over." in body(reader.get("/n/a-3/"))


def test_a_figure_leads_to_what_is_behind_it(
    office: Office, real: datetime, reader: Client
) -> None:
    every_state(office.cast, real)
    page = body(reader.get("/n/B-1/"))
    assert 'href="#figure-1"' in page
    assert 'id="figure-1"' in page
    assert 'href="#source-1"' in page
    assert "the guide" in page
    assert "Confidential reports" in page


def test_drafts_are_nowhere_to_be_read(office: Office, real: datetime, reader: Client) -> None:
    every_state(office.cast, real)
    for path in ("/n/A-9/", "/n/A-9/1/", "/n/A-9/print/", "/n/2026-001/"):
        assert reader.get(path).status_code == 404
    assert "A-9" not in body(reader.get("/n/"))
    assert b"A-9" not in reader.get("/n/feed.xml").content


def test_the_feed_names_every_notice_by_its_permanent_address(
    office: Office, real: datetime, reader: Client
) -> None:
    every_state(office.cast, real)
    answer = reader.get("/n/feed.xml")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    ids = [e.text for e in ElementTree.fromstring(answer.content).findall("{*}entry/{*}id")]
    assert {str(i).rsplit("/", 2)[-2] for i in ids} == {"A-1", "A-2", "A-3", "B-1"}


def test_lists_cost_the_same_for_three_and_for_sixty(
    office: Office, real: datetime, reader: Client, editor: Client
) -> None:
    costs = set()
    for _ in range(2):
        costs.add((cost(reader, "/n/"), cost(editor, "/editor/?part=published")))
        for _ in range(30):
            office.published(real)
    costs.add((cost(reader, "/n/"), cost(editor, "/editor/?part=published")))
    assert len({public for public, _ in costs} - {min(c[0] for c in costs)}) <= 1
    assert max(c[0] for c in costs) <= 6
    assert max(c[1] for c in costs) <= 10


def test_pages_of_the_list_name_everything_once(
    office: Office, real: datetime, reader: Client
) -> None:
    for _ in range(45):
        office.published(real)
    seen, address = list[str](), "/n/?kind=notice"
    while address:
        page = body(reader.get(address))
        seen += re.findall(r'href="/n/([\w-]+)/"', page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 45


@pytest.mark.parametrize(
    "query", ["?kind=x", "?after=x", "?after=-1", "?after=" + "9" * 40, "?after=１"]
)
def test_a_strange_address_is_not_found(office: Office, reader: Client, query: str) -> None:
    assert reader.get(f"/n/{query}").status_code == 404


# ---- What editors do ----


def form(office: Office, made: int, **changed: str) -> dict[str, str]:
    work = office.work(made)
    assert work.content
    return {
        "rev": str(work.rev),
        "title": work.content.title,
        "title_en": "",
        "unit": str(work.content.unit),
        "body": work.content.body,
        "body_en": "",
        "expires_at": "",
        "table-0-text": "",
        "table-0-title": "",
        "table-0-counted": "",
        "table-0-source": "",
        **changed,
    }


def test_from_nothing_to_published(office: Office, editor: Client, reader: Client) -> None:
    unit = str(office.cast.units["garden"])
    answer = editor.post("/editor/new/", {"kind": "recruitment", "unit": unit, "number": "R-1"})
    made = int(answer.headers["Location"].split("/")[2])
    data = form(office, made, title="招聘34名", body="见附表")
    data |= {"table-0-text": POSTS, "table-0-counted": "人数"}
    assert editor.post(f"/editor/{made}/text/", data).status_code == 302
    work = office.work(made)
    publish = {"draft": str(work.draft), "rev": str(work.rev), "sure": "on"}
    for _ in range(2):
        assert editor.post(f"/editor/{made}/publish/", publish).status_code == 302
    assert Entry.objects.count() == 1
    assert "招聘34名" in body(reader.get("/n/R-1/"))


def test_nothing_is_published_unconfirmed(office: Office, real: datetime, editor: Client) -> None:
    made = office.draft(real)
    work = office.work(made)
    data = {"draft": str(work.draft), "rev": str(work.rev)}
    assert editor.post(f"/editor/{made}/publish/", data).status_code == 400
    assert not Entry.objects.exists()


def test_faults_are_shown_with_line_and_column(
    office: Office, real: datetime, editor: Client
) -> None:
    content = Content(title="简报", body="一句。\n办结34件。")
    made = office.draft(real, content, kind="bulletin")
    for page in (f"/editor/{made}/", f"/editor/{made}/text/"):
        assert "Body, line 2, column 3" in body(editor.get(page))
    work = office.work(made)
    data = {"draft": str(work.draft), "rev": str(work.rev), "sure": "on"}
    assert "Body, line 2, column 3" in body(editor.post(f"/editor/{made}/publish/", data), 409)


def test_a_file_in_the_encoding_of_office_programs_is_read(
    office: Office, real: datetime, editor: Client
) -> None:
    made = office.draft(real)
    file = SimpleUploadedFile("posts.csv", POSTS.replace("\t", ",").encode("gb18030"))
    editor.post(f"/editor/{made}/text/", {**form(office, made), "table-0-file": file})
    content = office.work(made).content
    assert content
    assert content.tables[0].text.startswith("岗位,人数")


def test_a_workbook_is_refused_and_the_text_stays(
    office: Office, real: datetime, editor: Client
) -> None:
    made = office.draft(real)
    file = SimpleUploadedFile("posts.xlsx", b"PK\x03\x04" + bytes(100))
    data = {**form(office, made, body="nicht verloren"), "table-0-file": file}
    page = body(editor.post(f"/editor/{made}/text/", data), 400)
    assert "This is a workbook" in page
    assert "nicht verloren" in page


def test_who_saves_later_is_told_and_keeps_his_text(
    office: Office, real: datetime, editor: Client
) -> None:
    made = office.draft(real)
    mine = form(office, made, body="mine alone")
    unit = office.cast.units["garden"]
    office.save(made, Content(title="theirs", body="theirs alone", unit=unit), real)
    page = body(editor.post(f"/editor/{made}/text/", mine), 409)
    assert "mine alone" in page
    assert "theirs alone" in page
    rev = re.search(r'name="rev" value="(\d+)"', page)
    assert rev
    assert editor.post(f"/editor/{made}/text/", {**mine, "rev": rev[1]}).status_code == 302
    content = office.work(made).content
    assert content
    assert content.body == "mine alone"


def test_times_are_read_in_the_time_zone_of_the_district(
    office: Office, real: datetime, editor: Client
) -> None:
    made = office.draft(real)
    work = office.work(made)
    at = timezone.localtime(real + DAY).replace(second=0, microsecond=0)
    data = {"rev": str(work.rev), "publish_at": at.strftime("%Y-%m-%dT%H:%M")}
    assert editor.post(f"/editor/{made}/schedule/", data).status_code == 302
    assert office.work(made).line.publish_at == at
    assert "Will be published at" in body(editor.get(f"/editor/{made}/"))


def test_a_time_that_is_over_or_none_is_refused(
    office: Office, real: datetime, editor: Client
) -> None:
    made = office.draft(real)
    rev = str(office.work(made).rev)
    for at, status in (("2020-01-01T00:00", 409), ("tomorrow", 400), ("", 400)):
        data = {"rev": rev, "publish_at": at}
        assert editor.post(f"/editor/{made}/schedule/", data).status_code == status
    assert office.work(made).line.publish_at is None


def test_withdrawing_asks_for_a_reason(office: Office, real: datetime, editor: Client) -> None:
    made = office.published(real)
    assert editor.post(f"/editor/{made}/withdraw/", {"reason": ""}).status_code == 400
    assert editor.post(f"/editor/{made}/withdraw/", {"reason": "错"}).status_code == 302
    assert office.work(made).line.status == "withdrawn"


def test_a_huge_text_is_kept_from_the_readers_but_not_lost(
    office: Office, real: datetime, editor: Client
) -> None:
    made = office.draft(real)
    data = form(office, made, body="长" * 60_000)
    assert editor.post(f"/editor/{made}/text/", data).status_code == 302
    assert "At most 40000 characters" in body(editor.get(f"/editor/{made}/text/"))


def test_other_roles_do_nothing_here(office: Office, real: datetime) -> None:
    made = office.draft(real)
    for who in ("desk1", "leader1", "inspector1", "garden1", "verifier1", "panel1"):
        client = enter(office.cast, who)
        for path in ("", "new/", f"{made}/", f"{made}/text/"):
            assert client.get(f"/editor/{path}").status_code == 403
        for command in ("publish", "withdraw", "discard"):
            assert client.post(f"/editor/{made}/{command}/").status_code == 403
    assert Publication.objects.count() == 1
    assert not Entry.objects.exists()


def test_a_correction_can_be_thrown_away(office: Office, real: datetime, editor: Client) -> None:
    made = office.published(real)
    assert editor.post(f"/editor/{made}/correct/").status_code == 302
    rev = str(office.work(made).rev)
    assert editor.post(f"/editor/{made}/discard/", {"rev": rev, "sure": "on"}).status_code == 302
    assert office.work(made).draft is None
    assert office.shown(made).version.version == 1


def test_a_draft_that_the_clock_could_not_publish_says_why(
    office: Office, real: datetime, editor: Client
) -> None:
    content = Content(title="招聘{{notice.posts number=X-1}}名", body="x")
    source = office.draft(
        real,
        Content(title="a", body="b", tables=(Given(text=POSTS, counted="人数"),)),
        number="X-1",
    )
    office.publish(source, real)
    made = office.draft(real, content)
    office.schedule(made, real + DAY, real)
    actions.withdraw(publication=source, reason="错", **office.common(real))
    actions.run_clock(now=real + DAY)
    assert "could not be published" in body(editor.get(f"/editor/{made}/"))
    assert replace(content, unit=office.work(made).line.unit) == office.work(made).content
