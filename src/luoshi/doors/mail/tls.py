"""Whom we believe to be the mail server: certificates of the machine, or those of MAIL_CA alone."""

import ssl

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.utils.functional import cached_property


def context() -> ssl.SSLContext:
    """Certificate and host name are always checked."""
    return ssl.create_default_context(cafile=settings.MAIL_CA or None)


class Backend(EmailBackend):
    """Django's way to an SMTP server, with our certificates."""

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        return context()
