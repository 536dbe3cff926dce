"""Writing and sending a report: nothing typed is lost, nothing sent is doubled."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from luoshi.cases import queries
from luoshi.cases.models import Case, Picture, Report
from luoshi.infra import files
from luoshi.registry import actions as registry
from luoshi.trust import codes, limits, vault
from luoshi.web.public import stash
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.public_forms import filled, hidden, jpeg, resident, text


@pytest.fixture
def cast(db: None) -> Cast:
    limits.forget()
    return casting.build()


@pytest.fixture
def client() -> Client:
    return resident()


def code_of(receipt: str) -> str:
    return re.findall(r"\b(?:[0-9A-Z]{4}-){4}[0-9A-Z]\b", receipt)[0]


def test_a_report_ends_with_a_receipt_that_opens_it(cast: Cast, client: Client) -> None:
    answer = client.post("/report/", filled(client, pictures=[jpeg()], phone="138 0013 8000"))
    assert answer.status_code == 302
    page = text(client.get(answer.headers["Location"]))
    row = Report.objects.get()
    assert row.number in page
    assert queries.by_code(cast.district, code_of(page)) == row.pk
    assert row.track == "ordinary"
    assert (row.reachable, row.language, row.door) == (True, "en", "web")
    case = Case.objects.get()
    assert (case.subject, case.area, case.place_open) == (cast.estate, cast.community_area, False)
    assert case.category == "estate.environment"
    assert Picture.objects.get().report == row.pk
    assert "By the end of" in page


def test_the_address_goes_into_the_text_and_an_unknown_one_waits_for_a_person(
    cast: Cast, client: Client
) -> None:
    client.post("/report/", filled(client, place="Moon Street 5"))
    case = Case.objects.get()
    assert case.place_open
    assert (case.area, case.subject) == (None, None)
    assert (
        vault.read_text(Report.objects.get().text or 0) == "绿地被挖来种菜\n\nPlace: Moon Street 5"
    )


def test_sending_twice_gives_the_same_receipt(cast: Cast, client: Client) -> None:
    form = filled(client)
    first = client.post("/report/", form)
    second = client.post("/report/", {**form, "text": "another text"})
    pages = [text(client.get(answer.headers["Location"])) for answer in (first, second)]
    assert Report.objects.count() == 1
    assert code_of(pages[0]) == code_of(pages[1])
    assert "This form had arrived before" in pages[1]
    assert "This form had arrived before" not in pages[0]


def test_the_code_is_in_no_address_but_behind_the_hash(cast: Cast, client: Client) -> None:
    answer = client.post("/report/", filled(client))
    code = codes.normalise(code_of(text(client.get(answer.headers["Location"]))))
    page = text(client.get(answer.headers["Location"]))
    assert code not in answer.headers["Location"]
    addresses = re.findall(r'(?:href|action|src)="([^"]+)"', page)
    assert addresses
    assert not [a for a in addresses if code in a or codes.show(code) in a]


def test_another_browser_sees_the_receipt_without_the_code(cast: Cast, client: Client) -> None:
    answer = client.post("/report/", filled(client))
    page = text(resident().get(answer.headers["Location"]))
    assert Report.objects.get().number in page
    assert not re.search(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]\b", page)


def test_the_receipt_is_there_as_a_text_file(cast: Cast, client: Client) -> None:
    answer = client.post("/report/", filled(client))
    address = answer.headers["Location"]
    saved = client.get(f"{address}receipt.txt")
    assert saved.headers["Content-Type"].startswith("text/plain")
    assert code_of(text(saved)) == code_of(text(client.get(address)))


def test_a_forged_or_old_receipt_address_leads_to_tracking(cast: Cast, client: Client) -> None:
    answer = client.get("/report/received/MQ:1abcde:forged/")
    assert answer.status_code == 410
    assert 'href="/track/"' in text(answer)


def test_forgetting_takes_the_code_from_the_browser(cast: Cast, client: Client) -> None:
    form = filled(client)
    address = client.post("/report/", form).headers["Location"]
    client.post("/report/forget/", {"csrfmiddlewaretoken": form["csrfmiddlewaretoken"]})
    assert not re.search(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]\b", text(client.get(address)))


def test_an_old_form_whose_kept_pictures_are_gone_still_gives_the_receipt(
    cast: Cast, client: Client
) -> None:
    form = filled(client, text="", pictures=[jpeg()])
    kept = hidden(text(client.post("/report/", form)), "kept")
    again = {**form, "text": "菜地", "kept": kept, "pictures": []}
    client.post("/report/", again)
    assert client.post("/report/", again).headers["Location"].endswith("?again=1")
    assert Report.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_the_same_moment_is_one_report() -> None:
    limits.forget()
    casting.build()
    client = resident()
    form = filled(client)

    def post(_n: int) -> str:
        try:
            browser = resident()
            browser.cookies = client.cookies
            return str(browser.post("/report/", form).headers["Location"])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        addresses = list(pool.map(post, range(4)))
    assert all(address.startswith("/report/received/") for address in addresses)
    assert Report.objects.count() == 1
    assert Case.objects.count() == 1


# ---- Nothing typed or chosen is lost ----


def test_an_error_keeps_words_choices_and_pictures(cast: Cast, client: Client) -> None:
    form = filled(
        client,
        phone="12345",
        name="某某",
        area=str(cast.community_area),
        category="estate.green",
        minor="on",
        pictures=[jpeg(), jpeg()],
    )
    answer = client.post("/report/", form)
    page = text(answer)
    assert answer.status_code == 422
    assert not Report.objects.exists()
    assert "绿地被挖来种菜" in page
    assert 'value="某某"' in page
    assert 'value="12345"' in page
    assert f'value="{cast.community_area}" selected' in page
    assert 'value="estate.green" selected' in page
    assert hidden(page, "form") != []
    kept = hidden(page, "kept")
    assert len(kept) == 2
    again = {**form, "form": hidden(page, "form")[0], "phone": "", "kept": kept, "pictures": []}
    assert client.post("/report/", again).status_code == 302
    assert Picture.objects.count() == 2


def test_the_code_stays_the_same_through_errors(cast: Cast, client: Client) -> None:
    form = filled(client, address="/report/confidential/", text="")
    shown = code_of(text(client.post("/report/confidential/", form)))
    page = text(client.post("/report/confidential/", {**form, "step": "find"}))
    assert code_of(page) == shown


def test_kept_pictures_lie_encrypted_and_go_when_the_report_arrives(
    cast: Cast, client: Client
) -> None:
    data = photo()
    form = filled(client, text="", pictures=[jpeg(data=data)])
    kept = hidden(text(client.post("/report/", form)), "kept")
    waiting = Path(settings.LUOSHI_VAR) / "files" / "waiting"
    on_disk = [file.read_bytes() for file in waiting.iterdir()]
    assert on_disk
    assert not any(data[:200] in one or one.startswith(b"\xff\xd8") for one in on_disk)
    client.post("/report/", {**form, "text": "菜地", "kept": kept, "pictures": []})
    assert Picture.objects.count() == 1
    assert stash.restore(kept) == []


def test_a_kept_picture_can_be_left_out(cast: Cast, client: Client) -> None:
    form = filled(client, text="", pictures=[jpeg(), jpeg()])
    kept = hidden(text(client.post("/report/", form)), "kept")
    again = {**form, "text": "菜地", "pictures": [], "kept": kept, "drop": kept[0]}
    client.post("/report/", again)
    assert Picture.objects.count() == 1


def test_looking_up_places_sends_nothing_and_keeps_everything(cast: Cast, client: Client) -> None:
    form = filled(client, step="find", place="示范", pictures=[jpeg()])
    page = text(client.post("/report/", form))
    assert not Report.objects.exists()
    assert f'name="spot" value="{cast.estate}"' in page
    assert len(hidden(page, "kept")) == 1
    assert "绿地被挖来种菜" in page
    sent = {**form, "step": "send", "spot": str(cast.estate), "place": "", "pictures": []}
    client.post("/report/", sent)
    assert Case.objects.get().subject == cast.estate


def test_places_of_an_area_are_listed_without_a_word(cast: Cast, client: Client) -> None:
    form = filled(client, step="find", place="", area=str(cast.street_area))
    assert "示范新村" in text(client.post("/report/", form))


def test_a_form_that_lay_for_days_asks_once_more_with_a_new_code(
    cast: Cast, client: Client
) -> None:
    answer = client.post("/report/", filled(client, form="old:1:forged"))
    page = text(answer)
    assert answer.status_code == 422
    assert "绿地被挖来种菜" in page
    again = filled(client, form=hidden(page, "form")[0])
    assert client.post("/report/", again).status_code == 302


def test_a_report_without_place_is_asked_for_one_unless_there_is_none(
    cast: Cast, client: Client
) -> None:
    assert client.post("/report/", filled(client, place="")).status_code == 422
    assert client.post("/report/", filled(client, place="", area="none")).status_code == 302
    assert not Case.objects.get().place_open


def test_too_long_a_text_comes_back_whole(cast: Cast, client: Client) -> None:
    long = "菜" * 10_001
    answer = client.post("/report/", filled(client, text=long))
    assert answer.status_code == 422
    assert long in text(answer)
    assert "10001" in text(answer)


@pytest.mark.parametrize("step", ["find", "send"])
@pytest.mark.parametrize(
    "given",
    [
        {"place": "a\x00b"},
        {"spot": "²", "area": "²"},
        {"spot": "9" * 40, "area": "9" * 18},
        {"spot": "-1", "area": "nowhere"},
        {"category": "no.such"},
        {"place": "%_' OR 1=1 --"},
    ],
)
def test_a_meddled_form_breaks_nothing(
    cast: Cast, client: Client, given: dict[str, str], step: str
) -> None:
    answer = client.post("/report/", filled(client, **given, step=step))
    assert answer.status_code in {200, 302, 422}
    assert Report.objects.count() == (answer.status_code == 302)


def test_no_cache_gives_one_form_to_two_people(cast: Cast, client: Client) -> None:
    header = client.get("/report/confidential/").headers["Cache-Control"]
    assert "private" in header
    assert "no-cache" in header


# ---- Hostile files ----


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.jpg", b"<html><script>alert(1)</script></html>"),
        ("empty.jpg", b""),
        ("moving.gif", b"GIF89a" + b"\0" * 100),
        ("cut.jpg", photo(seed=1)[:200]),
        ("both.jpg", photo(seed=2) + b"<script src=x></script>"),
        ("huge.jpg", b"\xff\xd8\xff" + b"\0" * (10 * 1024 * 1024 + 5)),
    ],
)
def test_a_hostile_file_is_named_and_the_rest_is_kept(
    cast: Cast, client: Client, name: str, data: bytes
) -> None:
    answer = client.post("/report/", filled(client, pictures=[jpeg(), jpeg(name, data)]))
    page = text(answer)
    assert answer.status_code == 422
    assert name in page
    assert "This is not possible here" not in page
    assert len(hidden(page, "kept")) == 1
    assert not Report.objects.exists()


def test_a_file_name_is_only_text(cast: Cast, client: Client) -> None:
    answer = client.post("/report/", filled(client, pictures=[jpeg("<b>x.jpg", b"no")]))
    assert "<b>x.jpg" not in text(answer)


def test_a_tenth_picture_is_refused_and_nine_are_kept(cast: Cast, client: Client) -> None:
    answer = client.post("/report/", filled(client, pictures=[jpeg() for _ in range(10)]))
    assert answer.status_code == 422
    assert len(hidden(text(answer), "kept")) == 9
    assert "At most 9 pictures" in text(answer)


def test_the_same_file_chosen_twice_counts_once(cast: Cast, client: Client) -> None:
    data = photo()
    client.post("/report/", filled(client, pictures=[jpeg(data=data), jpeg("b.jpg", data)]))
    assert Picture.objects.count() == 1


def test_a_full_disk_is_told_and_the_text_is_kept(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise files.StorageFull

    monkeypatch.setattr(files, "write_whole", full)
    answer = client.post("/report/", filled(client, pictures=[jpeg()]))
    assert answer.status_code == 422
    assert "绿地被挖来种菜" in text(answer)
    assert "without them" in text(answer)


# ---- Protection ----


def test_a_form_from_another_site_is_refused(cast: Cast, client: Client) -> None:
    form = filled(client)
    answer = client.post("/report/", {**form, "csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 403
    assert not Report.objects.exists()


def test_one_form_cannot_be_posted_without_end(cast: Cast, client: Client) -> None:
    form = filled(client, step="find")
    answers = [client.post("/report/", form).status_code for _ in range(61)]
    assert answers[-2:] == [200, 429]
    last = client.post("/report/", form)
    assert "绿地被挖来种菜" in text(last)


def test_one_phone_sends_thirty_reports_a_day(cast: Cast, client: Client) -> None:
    for n in range(31):
        answer = client.post("/report/", filled(client, phone="13800138000", text=f"菜地 {n}"))
    assert answer.status_code == 429
    assert "菜地 30" in text(answer)
    assert Report.objects.count() == 30


def test_without_a_district_the_page_says_so(db: None, client: Client) -> None:
    assert client.get("/report/").status_code == 503


def test_a_report_by_a_child_is_never_asked_for_a_verdict(cast: Cast, client: Client) -> None:
    client.post("/report/", filled(client, minor="on", phone="13800138000"))
    row = Report.objects.get()
    assert row.minor
    assert not row.reachable


# ---- The device's position ----


def test_a_position_goes_along_rounded_and_can_be_taken_back(cast: Cast, client: Client) -> None:
    here = {"lat": "31.987654321", "lon": "120.912345", "place": ""}
    client.post("/report/", filled(client, **here))
    case = Case.objects.get()
    assert (str(case.lat), str(case.lon)) == ("31.9877", "120.9123")
    assert case.place_open
    client.post("/report/", filled(client, **here, forget_point="1", area="none"))
    assert Case.objects.latest("pk").lat is None


@pytest.mark.parametrize("lat", ["nan", "inf", "91", "north", "1e400", ""])
def test_a_nonsense_position_is_no_position(cast: Cast, client: Client, lat: str) -> None:
    answer = client.post("/report/", filled(client, lat=lat, lon="120.9", area="none"))
    assert answer.status_code in {302, 422}
    assert not Case.objects.filter(lat__isnull=False).exists()


def test_near_places_come_as_a_piece_of_the_page(cast: Cast, client: Client) -> None:
    registry.create_subject(
        district=cast.district, kind="market", name="近处菜场", area=cast.community_area,
        lat=31.99, lon=120.91,
    )  # fmt: skip
    form = filled(client, lat="31.9901", lon="120.9101", place="")
    piece = text(client.post("/report/near/", form))
    assert "近处菜场" in piece
    assert "m away" in piece
    assert "<html" not in piece


# ---- The confidential track ----


def test_a_confidential_report_shows_its_code_before_and_is_sealed(
    cast: Cast, client: Client
) -> None:
    page = text(client.get("/report/confidential/"))
    shown = code_of(page)
    form = filled(
        client,
        form=hidden(page, "form")[0],
        text="居委会的人收了钱",
        accused=str(cast.units["community"]),
        place="",
    )
    answer = client.post("/report/confidential/", form)
    receipt = text(client.get(answer.headers["Location"]))
    assert code_of(receipt) == shown
    assert "inspection team reads it" in receipt
    row, case = Report.objects.get(), Case.objects.get()
    assert row.track == "confidential"
    assert row.contact is None
    assert case.sealed
    assert case.accused == [cast.units["community"]]
    assert vault.read_text(row.text or 0) is None


def test_the_confidential_form_asks_for_no_name(cast: Cast, client: Client) -> None:
    page = text(client.get("/report/confidential/"))
    assert 'name="name"' not in page
    assert 'name="phone"' in page
