"""Mail servers with certificates of their own: refused until their certificate is trusted."""

import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import create_connection
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.mail import EmailMessage
from pytest_django.fixtures import Settings

from luoshi.doors.mail import box, poll, sending
from luoshi.doors.mail import queries as mailbox
from luoshi.doors.mail.models import Mailbox
from luoshi.doors.mail.wording import FAILURE
from luoshi.infra.outbox import DeliveryFailed
from tests import cast as casting
from tests.cast import Cast
from tests.doors.mailbox import PASSWORD, USER, Postman, imap_server


@dataclass(frozen=True)
class Certificate:
    """Signed by itself, for one address."""

    file: str
    key: str

    @property
    def served(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.file, self.key)
        return context


def signed(folder: Path, address: str = "127.0.0.1") -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), False)
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{address}.pem", folder / f"{address}.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return Certificate(*map(str, files))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """For another host."""
    return signed(tmp_path_factory.mktemp("tls"), "127.0.0.9")


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


@pytest.fixture(scope="module")
def server(own: Certificate) -> Iterator[str]:
    with imap_server("--cert", own.file, "--key", own.key) as url:
        yield url


class _Relay(BaseRequestHandler):
    """Says in clear to the server behind what is said to it encrypted, and back."""

    server: Any

    def handle(self) -> None:
        try:
            outer = self.server.tls.wrap_socket(self.request, server_side=True)
        except ssl.SSLError:
            return
        with create_connection(("127.0.0.1", self.server.behind)) as inner, outer:
            back = Thread(target=_pump, args=(inner, outer), daemon=True)
            back.start()
            _pump(outer, inner)


def _pump(source: Any, target: Any) -> None:
    try:
        while data := source.recv(65_536):
            target.sendall(data)
    except OSError:
        return


@pytest.fixture
def imaps(server: str, own: Certificate) -> Iterator[str]:
    """The same mailbox behind TLS from the first byte."""
    with ThreadingTCPServer(("127.0.0.1", 0), _Relay) as relay:
        relay.daemon_threads = True
        relay.tls, relay.behind = own.served, int(server.rpartition(":")[2].partition("/")[0])  # type: ignore[attr-defined]
        Thread(target=relay.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"imaps://{USER}@127.0.0.1:{relay.server_address[1]}/INBOX"
        relay.shutdown()


@pytest.fixture(params=["imaps", "starttls"])
def url(
    request: pytest.FixtureRequest, server: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> str:
    # A server of this machine need not encrypt; here it must.
    monkeypatch.setattr(box, "_LOOPBACK", set())
    settings.MAIL_PASSWORD = PASSWORD
    settings.MAIL_IMAP = request.getfixturevalue("imaps") if request.param == "imaps" else server
    return str(settings.MAIL_IMAP)


def test_a_mailbox_whose_certificate_nobody_trusts_is_not_opened_and_the_desk_reads_why(
    cast: Cast, now: datetime, url: str
) -> None:
    assert poll.step(now) == 0
    assert Mailbox.objects.get().error == "certificate"
    found = mailbox.standing(cast.district, now=now)
    assert found is not None
    assert found.fault == FAILURE["certificate"]


def test_a_mailbox_whose_certificate_is_named_is_read(
    cast: Cast, now: datetime, url: str, own: Certificate, settings: Settings
) -> None:
    settings.MAIL_CA = own.file
    poll.step(now)
    assert Mailbox.objects.get().error == ""


def sent(postman: Postman, settings: Settings) -> Postman:
    settings.EMAIL_BACKEND = "luoshi.doors.mail.tls.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postman.port
    mail = EmailMessage("s", "b", "report@luoshi.example", ["resident@example.org"])
    postman.start()
    try:
        sending.send(mail)
    finally:
        postman.stop()
    return postman


@pytest.fixture
def smtps(own: Certificate, settings: Settings) -> Postman:
    settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = True, False
    return Postman(own.served)


def test_a_mail_server_whose_certificate_nobody_trusts_gets_no_mail(
    smtps: Postman, settings: Settings
) -> None:
    with pytest.raises(DeliveryFailed, match="the certificate of the mail server is not valid"):
        sent(smtps, settings)
    assert smtps.mails == []


def test_a_mail_server_whose_certificate_is_named_gets_it(
    smtps: Postman, own: Certificate, settings: Settings
) -> None:
    settings.MAIL_CA = own.file
    assert len(sent(smtps, settings).mails) == 1


def test_a_trusted_certificate_of_another_host_is_refused(
    foreign: Certificate, settings: Settings
) -> None:
    settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = True, False
    settings.MAIL_CA = foreign.file
    with pytest.raises(DeliveryFailed, match="the certificate of the mail server is not valid"):
        sent(Postman(foreign.served), settings)


def test_a_file_that_holds_no_certificate_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    asked = [sys.executable, "-c", "import luoshi.settings"]
    env = {**os.environ, "LUOSHI_VAR": str(tmp_path), "LUOSHI_MAIL_CA": str(tmp_path / "empty.pem")}
    done = subprocess.run(asked, env=env, capture_output=True, text=True, check=False)
    assert "LUOSHI_MAIL_CA names no file of certificates" in done.stderr
