"""The door of staff: password, second factor, lock-out, and nobody signs himself up."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django.fixtures import Settings

from tests.pages.conftest import PASSWORD, District, SignIn


def totp(secret: str, *, step: int = 0) -> str:
    """Six digits after RFC 6238, `step` periods from now."""
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def wrong(secret: str) -> str:
    return next(f"{n:06d}" for n in range(9) if f"{n:06d}" not in near(secret))


def near(secret: str) -> set[str]:
    return {totp(secret, step=step) for step in range(-3, 4)}


def set_up_totp(client: Client) -> str:
    """Through the page, which first asks for the password again; returns the secret."""
    client.post("/sign-in/again/?next=/sign-in/totp/", {"password": PASSWORD})
    page = client.get("/sign-in/totp/").content.decode()
    found = re.search(r'class="code">([A-Z2-7]+)<', page)
    assert found
    answer = client.post("/sign-in/totp/", {"code": totp(found[1])})
    assert answer.headers["Location"] == "/sign-in/codes/"
    return found[1]


def recovery_codes(client: Client) -> list[str]:
    return re.findall(r'class="code">(\d+)<', client.get("/sign-in/codes/").content.decode())


def attempt(client: Client, name: str, password: str) -> str:
    answer = client.post("/sign-in/", {"login": name, "password": password}, follow=True)
    return answer.content.decode()


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_leads_to_what_waits_in_the_room_of_the_role(
    district: District,
) -> None:
    client = Client()
    answer = client.post("/sign-in/", {"login": "desk", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain == [("/staff/", 302)]
    assert 'href="/desk/"' in answer.content.decode()


def test_after_signing_in_one_comes_back_to_the_page_asked_for(district: District) -> None:
    client = Client()
    asked = client.get("/handler/?page=2")
    assert asked.headers["Location"] == "/sign-in/?next=/handler/%3Fpage%3D2"
    form = client.get(asked.headers["Location"]).content.decode()
    assert 'name="next" value="/handler/?page=2"' in form


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(district: District) -> None:
    client = Client(headers={"Accept-Language": "en"})
    known, unknown = attempt(client, "desk", "no"), attempt(client, "ghost", "no")
    assert "not correct" in known
    assert "not correct" in unknown
    assert not is_in(client)


def test_a_wrong_guess_is_hashed_once_whether_the_name_is_known_or_not(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second back end would hash it again: twice the work for every guess."""
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    attempt(Client(), "desk", "guess")
    attempt(Client(), "ghost", "guess")
    assert hashed == ["guess", "guess"]


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(district: District) -> None:
    client = Client(headers={"Accept-Language": "en"})
    for _ in range(5):
        attempt(client, "desk", "guess")
    assert "Too many failed login attempts" in attempt(client, "desk", PASSWORD)
    assert not is_in(client)
    attempt(client, "leader", PASSWORD)
    assert is_in(client)


def test_a_session_ends_with_the_browser(sign_in: SignIn) -> None:
    assert sign_in("desk").session.get_expire_at_browser_close()


def test_a_closed_account_does_not_get_in(district: District) -> None:
    get_user_model().objects.filter(pk=district.people["desk"]).update(is_active=False)
    client = Client()
    attempt(client, "desk", PASSWORD)
    assert not is_in(client)


@pytest.mark.parametrize(
    "name", ["account_signup", "account_reset_password", "account_email", "mfa_add_webauthn"]
)
def test_nobody_signs_himself_up_or_gets_a_password_by_mail(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_signing_out_needs_the_button_and_ends_the_session(sign_in: SignIn) -> None:
    client = sign_in("desk")
    client.get("/sign-in/out/")
    assert is_in(client)
    client.post("/sign-in/out/")
    assert not is_in(client)


def test_the_password_can_be_changed(sign_in: SignIn) -> None:
    client = sign_in("desk")
    new = "an entirely new one 42"
    changed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/sign-in/password/", changed).status_code == 302
    again = Client()
    attempt(again, "desk", new)
    assert is_in(again)


# ---- the second factor ----


def test_where_it_is_required_nothing_opens_before_it_is_set_up(
    sign_in: SignIn, settings: Settings
) -> None:
    settings.REQUIRE_TOTP = True
    client = sign_in("desk")
    for address in ("/staff/", "/desk/"):
        assert client.get(address).headers["Location"] == "/sign-in/totp/"
    set_up_totp(client)
    assert client.get("/desk/").status_code == 200


def test_it_is_required_of_the_administration_too(
    sign_in: SignIn, settings: Settings, district: District
) -> None:
    everything = {"is_staff": True, "is_superuser": True}
    get_user_model().objects.filter(pk=district.people["nobody"]).update(**everything)
    settings.REQUIRE_TOTP = True
    client = sign_in("nobody")
    answer = client.get("/admin/", follow=True)
    assert ("/sign-in/totp/", 302) in answer.redirect_chain
    set_up_totp(client)
    assert client.get("/admin/").status_code == 200


def test_the_administration_is_closed_to_other_staff(sign_in: SignIn) -> None:
    assert sign_in("leader").get("/admin/", follow=True).status_code == 403


def test_the_demonstration_says_that_it_does_not_ask_for_it(
    client: Client, settings: Settings, db: None
) -> None:
    settings.REQUIRE_TOTP = False
    assert "演示环境" in client.get("/sign-in/").content.decode()
    settings.REQUIRE_TOTP = True
    assert "演示环境" not in client.get("/sign-in/").content.decode()


def test_once_set_up_the_password_alone_opens_nothing(sign_in: SignIn) -> None:
    secret = set_up_totp(sign_in("desk"))
    client = sign_in("desk")
    assert not is_in(client)
    assert client.get("/desk/").headers["Location"].startswith("/sign-in/?")
    client.post("/sign-in/code/", {"code": wrong(secret)})
    assert not is_in(client)
    client.post("/sign-in/code/", {"code": totp(secret, step=1)})
    assert is_in(client)


def test_guessing_the_six_digits_locks_it(sign_in: SignIn) -> None:
    secret = set_up_totp(sign_in("desk"))
    client = sign_in("desk")
    for _ in range(5):
        client.post("/sign-in/code/", {"code": wrong(secret)})
    answer = client.post("/sign-in/code/", {"code": totp(secret, step=1)})
    assert "Too many failed login attempts" in answer.content.decode()
    assert not is_in(client)


def test_a_recovery_code_signs_in_once(sign_in: SignIn) -> None:
    first = sign_in("desk")
    set_up_totp(first)
    code = recovery_codes(first)[0]
    for works in (True, False):
        client = sign_in("desk")
        client.post("/sign-in/code/", {"code": code})
        assert is_in(client) is works


def test_new_recovery_codes_replace_the_old_ones(sign_in: SignIn) -> None:
    client = sign_in("desk")
    set_up_totp(client)
    old = recovery_codes(client)
    client.post("/sign-in/codes/new/")
    new = recovery_codes(client)
    assert len(new) == len(old) == 10
    assert not set(old) & set(new)


def test_it_can_move_to_another_phone(sign_in: SignIn) -> None:
    client = sign_in("desk")
    old = set_up_totp(client)
    client.post("/sign-in/totp/off/")
    assert set_up_totp(client) != old


def test_the_database_holds_no_secret_in_the_clear(sign_in: SignIn) -> None:
    client = sign_in("desk")
    secret = set_up_totp(client)
    codes = recovery_codes(client)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert not any(code in stored for code in codes)


def test_changing_the_sign_in_asks_for_the_password_again(sign_in: SignIn) -> None:
    client = sign_in("desk")
    answer = client.get("/sign-in/totp/", follow=True)
    again = "/sign-in/again/?next=%2Fsign-in%2Ftotp%2F"
    assert answer.redirect_chain == [(again, 302)]
    assert client.post(again, {"password": "wrong"}).status_code == 200
    assert client.post(again, {"password": PASSWORD}).headers["Location"] == "/sign-in/totp/"
