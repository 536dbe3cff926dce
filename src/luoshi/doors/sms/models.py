"""What came in, so that a gateway may deliver the same message twice."""

from django.db import models


class Inbound(models.Model):
    """One message by the hash of the gateway's id. Nothing of its sender or text is in here."""

    district_id = models.BigIntegerField()
    key = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10)  # received | replied | verdict
    number = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district_id", "key"], name="sms_message_once")
        ]
