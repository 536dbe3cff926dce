"""What came in, by which token replies find their report, and how the mailbox does."""

from django.db import models


class Inbound(models.Model):
    """One mail by the hash of what makes it itself. Nothing of its sender or text is in here."""

    district_id = models.BigIntegerField()
    key = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10)  # received | replied | verdict
    number = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district_id", "key"], name="mail_message_once")
        ]


class Thread(models.Model):
    """The token in the mails about one report, and the address that they go to, both as hashes."""

    district_id = models.BigIntegerField()
    token_hash = models.BinaryField(max_length=32)
    address_tag = models.BinaryField(max_length=32)
    report = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="mail_thread_once"),
        ]


class Unread(models.Model):
    """A mail that could not be read, and why. It lies in the folder "unread" of the mailbox."""

    district_id = models.BigIntegerField()
    key = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    reason = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district_id", "key"], name="mail_unread_once")
        ]


class Mailbox(models.Model):
    """How the last look into the mailbox went. `error` is a code, "" when it went well."""

    district_id = models.BigIntegerField(unique=True)
    next_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)  # the last look that went well
    error = models.CharField(max_length=20, default="")
    failures = models.PositiveIntegerField(default=0)  # since the last look that went well
    unread = models.PositiveIntegerField(default=0)  # mails in the folder "unread"
