"""Handing a mail to the server of the settings."""

import smtplib
import ssl

from django.core.mail import EmailMessage

from luoshi.infra.outbox import DeliveryFailed

TASK = "task"
"""How the Message-ID of a mail to staff begins, by which an answer to one is known."""


def send(mail: EmailMessage) -> None:
    """An error of the other side may quote the address: only its number is kept. Raises
    DeliveryFailed."""
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = next((code for code, _said in error.recipients.values()), 0)
        raise DeliveryFailed(f"the mail server refused the address ({code})") from error
    except smtplib.SMTPResponseException as error:
        raise DeliveryFailed(f"the mail server answered {error.smtp_code}") from error
    except ssl.SSLCertVerificationError as error:
        raise DeliveryFailed("the certificate of the mail server is not valid") from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryFailed("the mail server did not answer") from error
