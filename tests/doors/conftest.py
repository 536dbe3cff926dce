"""A mailbox and a mail server on this machine, for whoever wants them."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.doors.mailbox import PASSWORD, Post, Postman, imap_server


@pytest.fixture(scope="session")
def server() -> Iterator[Post]:
    with imap_server() as url:
        yield Post(url)


@pytest.fixture
def post(server: Post, settings: Settings) -> Post:
    """An empty mailbox that the worker looks into."""
    server.empty()
    settings.MAIL_IMAP, settings.MAIL_PASSWORD = server.url, PASSWORD
    settings.MAIL_ADDRESS = "report@luoshi.example"
    settings.MAIL_INSPECTION = "inspection@luoshi.example"
    return server


@pytest.fixture
def postman(settings: Settings) -> Iterator[Postman]:
    """A mail server for what goes out."""
    here = Postman()
    settings.EMAIL_BACKEND = "luoshi.doors.mail.tls.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", here.port
    settings.MAIL_OUT, settings.MAIL_ADDRESS = True, "report@luoshi.example"
    told = dict.fromkeys(settings.REPORTER_HANDLERS, ("mail.notice",))
    settings.REPORTER_HANDLERS = told
    settings.OWNER_HANDLERS = dict.fromkeys(settings.OWNER_HANDLERS, ("mail.tasks",))
    here.start()
    yield here
    here.stop()
