import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from luoshi.trust import errors, keys, log, sealing, vault
from luoshi.trust.models import Erasure, LogLeaf, RevealRecord, VaultRecord
from luoshi.trust.vault import Contact

pytestmark = pytest.mark.django_db

PHONE, NAME, EMAIL = "+8613912345678", "丁小禾", "xiaohe@example.org"
ALL = Contact(PHONE, NAME, EMAIL)
CONFIDENTIAL = "丁小禾举报:电话 139 1234 5678"
WHY = "电话回访核实情况"
OFFICER = 77


@pytest.fixture
def contact(now: datetime) -> int:
    return vault.seal_contact(district=1, phone="139 1234 5678", name=NAME, email=EMAIL, now=now)


@pytest.fixture
def secret(now: datetime) -> int:
    return vault.store_text(district=1, text=CONFIDENTIAL, sealed=True, now=now)


@pytest.fixture
def words(now: datetime) -> int:
    return vault.store_text(district=1, text="绿地被挖来种菜", sealed=False, now=now)


def revealed(vault_id: int, now: datetime, reason: str = WHY) -> Contact | str:
    return vault.reveal(vault_id=vault_id, by=OFFICER, reason=reason, now=now)


# ---- A stolen database ----


def stored_columns() -> Iterator[bytes]:
    """Every value of every row of every table of this app, as the bytes a thief would see."""
    for model in apps.get_app_config("trust").get_models():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            for row in cursor.fetchall():
                for value in row:
                    is_bytes = isinstance(value, (bytes, memoryview))
                    yield bytes(value) if is_bytes else str(value).encode()


def encodings(text: str) -> Iterator[bytes]:
    for charset in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "gb18030"):
        raw = text.encode(charset)
        yield raw
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        yield raw[::-1]
        for shift in range(3):  # base64 depends on where in a longer text it stands
            padded = base64.b64encode(bytes(shift) + raw)
            yield padded[4 if shift else 0 : len(padded) - 4]
        for name in ("md5", "sha1", "sha256"):  # a phone's bare hash is as good as the phone
            digest = hashlib.new(name, raw)
            yield digest.digest()
            yield digest.hexdigest().encode()
    yield text.encode("unicode_escape")


def traces(needles: tuple[str, ...]) -> list[str]:
    dump = list(stored_columns())
    assert dump
    return [
        needle
        for needle in needles
        for encoded in encodings(needle)
        if any(encoded in value for value in dump)
    ]


def test_a_stolen_database_names_nobody(contact: int, secret: int, now: datetime) -> None:
    revealed(contact, now)
    vault.phone_tag(number="2020-0001", phone=PHONE)
    needles = (NAME, EMAIL, "xiaohe", PHONE, "13912345678", "139 1234 5678", CONFIDENTIAL)
    assert traces(needles) == []


@pytest.mark.parametrize(
    "disguised",
    [
        NAME,
        f"x{EMAIL}",
        b"13912345678".hex(),
        NAME.encode("utf-16-le").hex().upper(),
        base64.b64encode(f"{{'p': '13912345678', 'n': '{NAME}'}}".encode()).decode(),
        hashlib.sha256(b"13912345678").hexdigest(),
        json.dumps(NAME),
    ],
)
def test_the_search_for_traces_would_find_them(disguised: str, now: datetime) -> None:
    vault.store_text(district=1, text=disguised, sealed=False, now=now)
    assert traces((NAME, EMAIL, "13912345678")) != []


def test_neither_database_nor_public_keys_open_anything(
    contact: int, secret: int, now: datetime, var: Path
) -> None:
    for path in (var / "keys").glob("*.key"):
        path.unlink()
    attempts: list[Callable[[], object]] = [
        lambda: vault.open_for_delivery(contact),
        lambda: revealed(contact, now),
        lambda: revealed(secret, now),
    ]
    for attempt in attempts:
        with pytest.raises(errors.KeyMissing):
            attempt()


def test_two_records_of_one_person_have_nothing_in_common(now: datetime) -> None:
    for _ in range(2):
        vault.seal_contact(district=1, phone=PHONE, name=NAME, email=EMAIL, now=now)
    one, two = VaultRecord.objects.all()
    for column in ("ciphertext", "wrapped_reveal", "wrapped_delivery"):
        assert getattr(one, column)[8:] != getattr(two, column)[8:]


def test_the_length_of_what_is_sealed_does_not_tell_a_short_name_from_a_long_one(
    now: datetime,
) -> None:
    for name in ("丁", "丁" * 20):
        vault.seal_contact(district=1, phone=PHONE, name=name, email=None, now=now)
    assert len({len(row.ciphertext) for row in VaultRecord.objects.all() if row.ciphertext}) == 1


def test_a_contact_does_not_show_itself_in_a_log_line() -> None:
    assert repr(ALL) == "Contact()"


# ---- Contacts ----


def test_the_worker_opens_a_contact_with_the_delivery_key(contact: int) -> None:
    assert vault.open_for_delivery(contact) == ALL
    assert RevealRecord.objects.count() == 0


def test_what_was_not_given_stays_open(now: datetime) -> None:
    only_mail = vault.seal_contact(district=1, phone=" ", name=None, email=f" {EMAIL} ", now=now)
    assert vault.open_for_delivery(only_mail) == Contact(None, None, EMAIL)


def test_a_contact_of_nothing_is_refused(now: datetime) -> None:
    with pytest.raises(errors.ContactEmpty):
        vault.seal_contact(district=1, phone="", name=" ", email=None, now=now)


def test_a_contact_with_a_wrong_phone_is_refused(now: datetime) -> None:
    with pytest.raises(errors.BadPhone):
        vault.seal_contact(district=1, phone="85512345", name=NAME, email=None, now=now)
    assert VaultRecord.objects.count() == 0


def test_the_delivery_key_opens_no_confidential_text(secret: int, words: int) -> None:
    row = VaultRecord.objects.get(pk=secret)
    assert row.wrapped_delivery is None
    for vault_id in (secret, words):
        with pytest.raises(errors.NotAContact):
            vault.open_for_delivery(vault_id)
    with pytest.raises(errors.WrongKey):
        sealing.unseal(
            bytes(row.ciphertext or b""),
            wrapped=bytes(row.wrapped_reveal or b""),
            context=f"luoshi/v1/sealed/{secret}".encode(),
            key=keys.private(keys.DELIVERY),
        )


def test_records_sealed_together_open_one_by_one_and_not_with_the_keys_of_each_other() -> None:
    reveal = keys.private(keys.REVEAL)
    sealer = sealing.Sealer([reveal.public_key])
    one, other = (sealer.seal(words, context=words) for words in (b"first", b"second"))
    assert one.wrapped != other.wrapped
    for sealed, words in ((one, b"first"), (other, b"second")):
        [wrapped] = sealed.wrapped
        opened = sealing.unseal(sealed.ciphertext, wrapped=wrapped, context=words, key=reveal)
        assert opened == words
    for context in (b"first", b"second"):
        with pytest.raises(errors.Damaged):
            sealing.unseal(one.ciphertext, wrapped=other.wrapped[0], context=context, key=reveal)


@pytest.mark.parametrize("size", [8, 39, 40, 80, sealing.WRAPPED - 1])
def test_a_key_that_was_cut_off_opens_nothing_and_says_so(size: int) -> None:
    reveal = keys.private(keys.REVEAL)
    sealed = sealing.Sealer([reveal.public_key]).seal(b"words", context=b"here")
    with pytest.raises(errors.Damaged):
        sealing.unseal(
            sealed.ciphertext, wrapped=sealed.wrapped[0][:size], context=b"here", key=reveal
        )


def test_a_record_moved_to_another_row_does_not_open(contact: int, now: datetime) -> None:
    other = vault.seal_contact(district=1, phone=None, name="别人", email=None, now=now)
    taken = VaultRecord.objects.filter(pk=contact).values(
        "ciphertext", "wrapped_delivery", "wrapped_reveal"
    )
    VaultRecord.objects.filter(pk=other).update(**taken.get())
    with pytest.raises(errors.Damaged) as refusal:
        vault.open_for_delivery(other)
    assert refusal.value.code == "damaged"


def test_a_changed_record_does_not_open(contact: int) -> None:
    row = VaultRecord.objects.get(pk=contact)
    assert row.ciphertext is not None
    changed = bytes(row.ciphertext)[:-1] + bytes([bytes(row.ciphertext)[-1] ^ 1])
    VaultRecord.objects.filter(pk=contact).update(ciphertext=changed)
    with pytest.raises(errors.Damaged):
        vault.open_for_delivery(contact)


def test_new_keys_in_the_folder_are_recognised_as_the_wrong_ones(contact: int, var: Path) -> None:
    for path in (var / "keys").glob("delivery.*"):
        path.unlink()
    with pytest.raises(errors.WrongKey) as refusal:
        vault.open_for_delivery(contact)
    assert refusal.value.code == "wrong_key"


# ---- Texts ----


def test_an_ordinary_text_is_readable_and_a_confidential_one_is_not(
    words: int, secret: int, contact: int, django_assert_num_queries: Any
) -> None:
    assert vault.read_text(words) == "绿地被挖来种菜"
    assert vault.read_text(secret) is None
    with django_assert_num_queries(1):
        texts = vault.read_texts([words, secret, contact, words])
    assert texts == {words: "绿地被挖来种菜", secret: None, contact: None}


def test_no_texts_are_none() -> None:
    assert vault.read_texts([]) == {}


def test_an_empty_text_is_not_an_erased_one(now: datetime) -> None:
    assert vault.read_text(vault.store_text(district=1, text="", sealed=False, now=now)) == ""


@pytest.mark.parametrize("sealed", [True, False])
def test_signs_that_no_database_holds_do_no_harm(sealed: bool, now: datetime) -> None:
    vault_id = vault.store_text(district=1, text="a\x00b\ud800🌱", sealed=sealed, now=now)
    assert (revealed(vault_id, now) if sealed else vault.read_text(vault_id)) == "ab?🌱"


def test_a_record_that_never_was_is_a_mistake() -> None:
    for attempt in (vault.read_text, vault.open_for_delivery):
        with pytest.raises(errors.UnknownRecord):
            attempt(1)


def test_the_database_refuses_plain_text_beside_sealed(secret: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        VaultRecord.objects.filter(pk=secret).update(plain="oops")


# ---- Revealing ----


def test_a_reveal_opens_and_is_on_record_with_its_reason(contact: int, now: datetime) -> None:
    assert revealed(contact, now, f"  {WHY}\n") == ALL
    row = RevealRecord.objects.get()
    assert (row.district_id, row.vault_id, row.by, row.reason) == (1, contact, OFFICER, WHY)
    assert row.at == now


def test_a_confidential_text_can_be_revealed(secret: int, now: datetime) -> None:
    assert revealed(secret, now) == CONFIDENTIAL


def test_every_look_is_a_record_of_its_own(contact: int, now: datetime) -> None:
    for _ in range(3):
        revealed(contact, now)
    assert RevealRecord.objects.count() == 3
    assert LogLeaf.objects.count() == 3


def test_the_leaf_of_a_reveal_commits_to_its_record(contact: int, now: datetime) -> None:
    revealed(contact, now)
    row = RevealRecord.objects.select_related("leaf").get()
    groups: dict[str, dict[str, log.JSON]] = {
        "act": {"kind": "reveal", "id": str(row.pk), "at": "2026-05-20T01:30:00+00:00"},
        "what": {"vault": str(contact)},
        "who": {"by": str(OFFICER)},
        "why": {"reason": WHY},
    }
    expected = log.commit(groups=groups, nonce=bytes(row.nonce))
    assert bytes(row.leaf.leaf) == expected.leaf
    assert bytes(row.canonical) == expected.canonical


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "reason_missing"),
        (" \n", "reason_missing"),
        ("。。。。。。", "reason_missing"),
        ("看看", "reason_too_short"),
        ("a  b . c", "reason_too_short"),
        ("长" * 501, "reason_too_long"),
    ],
)
def test_a_look_without_a_proper_reason_is_refused_and_opens_nothing(
    contact: int, now: datetime, reason: str, code: str
) -> None:
    with pytest.raises(errors.ReasonRefused) as refusal:
        revealed(contact, now, reason)
    assert refusal.value.code == code
    assert RevealRecord.objects.count() == 0


def test_an_ordinary_text_needs_no_reveal(words: int, now: datetime) -> None:
    with pytest.raises(errors.NotSealed):
        revealed(words, now)
    assert RevealRecord.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_record_is_committed_before_anything_opens(
    contact: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, bool]] = []
    real = sealing.unseal

    def unseal(*args: Any, **options: Any) -> bytes:
        seen.append((RevealRecord.objects.count(), connection.in_atomic_block))
        return real(*args, **options)

    monkeypatch.setattr(sealing, "unseal", unseal)
    revealed(contact, now)
    assert seen == [(1, False)]


@pytest.mark.django_db(transaction=True)
def test_a_look_that_a_rollback_could_hide_is_refused(
    contact: int, secret: int, now: datetime
) -> None:
    sealed = vault.seal_bytes(b"original")
    name = hashlib.sha256(b"original").hexdigest()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        revealed(contact, now)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        vault.open_sealed_bytes(
            sealed, district=1, sha256_hex=name, by=OFFICER, reason=WHY, now=now
        )


def test_a_look_that_failed_is_on_record_all_the_same(
    contact: int, now: datetime, var: Path
) -> None:
    (var / "keys/reveal.key").unlink()
    with pytest.raises(errors.KeyMissing):
        revealed(contact, now)
    assert RevealRecord.objects.count() == 1


@pytest.mark.parametrize("table", ["trust_revealrecord", "trust_erasure"])
@pytest.mark.parametrize("statement", ['UPDATE {} SET "by" = 1', "DELETE FROM {}"])
def test_the_database_refuses_to_rewrite_who_looked_or_erased(
    contact: int, now: datetime, table: str, statement: str
) -> None:
    revealed(contact, now)
    vault.erase(vault_id=contact, by=OFFICER, reason=WHY, now=now)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


# ---- Erasing ----


@pytest.mark.parametrize("kind", ["contact", "secret", "words"])
def test_an_erasure_leaves_nothing_of_the_record(
    kind: str, now: datetime, request: pytest.FixtureRequest
) -> None:
    vault_id = request.getfixturevalue(kind)
    vault.erase(vault_id=vault_id, by=OFFICER, reason=WHY, now=now)
    row = VaultRecord.objects.get(pk=vault_id)
    assert row.plain is row.ciphertext is row.wrapped_delivery is row.wrapped_reveal is None
    assert row.erased_at == now
    assert vault.read_text(vault_id) is None
    assert traces((NAME, "13912345678", CONFIDENTIAL, "绿地被挖来种菜")) == []


def test_what_was_erased_opens_to_nobody(contact: int, now: datetime) -> None:
    vault.erase(vault_id=contact, by=OFFICER, reason=WHY, now=now)
    with pytest.raises(errors.Erased):
        vault.open_for_delivery(contact)
    with pytest.raises(errors.Erased) as refusal:
        revealed(contact, now)
    assert refusal.value.code == "erased"


def test_an_erasure_is_on_record_and_in_the_log_once(words: int, now: datetime) -> None:
    for days in range(2):
        later = now + timedelta(days=days)
        vault.erase(vault_id=words, by=OFFICER, reason=WHY, now=later)
    row = Erasure.objects.select_related("leaf").get()
    assert (row.vault_id, row.by, row.reason, row.at) == (words, OFFICER, WHY, now)
    assert (
        bytes(row.leaf.leaf)
        == log.commit(
            groups={
                "act": {"kind": "erase", "id": str(row.pk), "at": "2026-05-20T01:30:00+00:00"},
                "what": {"vault": str(words)},
                "who": {"by": str(OFFICER)},
                "why": {"reason": WHY},
            },
            nonce=bytes(row.nonce),
        ).leaf
    )


def test_an_erasure_without_a_reason_is_refused(words: int, now: datetime) -> None:
    with pytest.raises(errors.ReasonRefused):
        vault.erase(vault_id=words, by=OFFICER, reason="", now=now)
    assert vault.read_text(words) is not None


def test_an_erasure_that_is_rolled_back_happened_not(words: int, now: datetime) -> None:
    with transaction.atomic():
        vault.erase(vault_id=words, by=OFFICER, reason=WHY, now=now)
        transaction.set_rollback(True)
    assert vault.read_text(words) == "绿地被挖来种菜"
    assert Erasure.objects.count() == 0


def test_the_database_refuses_to_fill_an_erased_record_again(words: int, now: datetime) -> None:
    vault.erase(vault_id=words, by=OFFICER, reason=WHY, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        VaultRecord.objects.filter(pk=words).update(plain="again")


@pytest.mark.django_db(transaction=True)
def test_the_database_file_keeps_no_shadow_of_an_erased_text(now: datetime) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL frees the space when it vacuums")
    texts = [f"短信第{number}条，绿地被挖来种菜。" * 40 for number in range(60)]
    ids = [vault.store_text(district=1, text=text, sealed=False, now=now) for text in texts]

    def shadows() -> int:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(connection.settings_dict["NAME"]).read_bytes().count("绿地被挖".encode())

    assert shadows() > 0
    for vault_id in ids:
        vault.erase(vault_id=vault_id, by=OFFICER, reason=WHY, now=now)
    assert shadows() == 0


# ---- Tags and files ----


def test_number_and_phone_find_the_report_however_the_phone_is_written() -> None:
    tag = vault.phone_tag(number="2020-0001", phone="139 1234 5678")
    assert len(tag) == 32
    assert vault.phone_tag(number=" 2020-0001", phone="+8613912345678") == tag
    assert vault.phone_tag(number="2020-0001", phone="13912345679") != tag


def test_two_reports_of_one_phone_cannot_be_linked() -> None:
    one = vault.phone_tag(number="2020-0001", phone=PHONE)
    assert vault.phone_tag(number="2020-0002", phone=PHONE) != one


def test_tags_cannot_be_tried_out_without_the_key_file(var: Path) -> None:
    before = vault.phone_tag(number="2020-0001", phone=PHONE)
    (var / "keys/lookup.key").unlink()
    assert vault.phone_tag(number="2020-0001", phone=PHONE) != before


def open_file(sealed: bytes, plain: bytes, now: datetime, reason: str = WHY) -> bytes:
    name = hashlib.sha256(plain).hexdigest()
    return vault.open_sealed_bytes(
        sealed, district=1, sha256_hex=name, by=OFFICER, reason=reason, now=now
    )


def test_a_sealed_original_opens_to_a_reason_and_is_on_record(now: datetime) -> None:
    original = b"\xff\xd8\xff original with a place in it" * 1000
    sealed = vault.seal_bytes(original)
    assert b"original" not in sealed
    assert open_file(sealed, original, now) == original
    row = RevealRecord.objects.get()
    assert (row.file_sha256, row.vault_id) == (hashlib.sha256(original).hexdigest(), None)


def test_a_sealed_original_without_a_reason_stays_closed(now: datetime) -> None:
    with pytest.raises(errors.ReasonRefused):
        open_file(vault.seal_bytes(b"x"), b"x", now, "")
    assert RevealRecord.objects.count() == 0


def test_sealing_the_same_file_twice_does_not_show_that_it_is_the_same() -> None:
    assert vault.seal_bytes(b"x")[40:] != vault.seal_bytes(b"x")[40:]


def test_what_is_no_sealed_file_or_another_one_is_refused(now: datetime) -> None:
    good = vault.seal_bytes(b"x")
    for bad in (b"", b"x", good[:60], good[:-1], good + b"x"):
        with pytest.raises((errors.Damaged, errors.WrongKey)):
            open_file(bad, b"x", now)
    with pytest.raises(errors.Damaged):
        open_file(good, b"y", now)
