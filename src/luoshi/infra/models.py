"""What the frame itself stores: work to be done after a transaction."""

from django.db import models
from django.db.models.functions import Now


class Delivery(models.Model):
    """One piece of work for one handler; deleted when done, so the table stays small."""

    district_id = models.BigIntegerField()
    handler = models.CharField(max_length=60)
    ref = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    error = models.TextField(default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handler", "ref"], name="delivery_once"),
        ]
        indexes = [models.Index(fields=["due_at", "id"], name="delivery_due")]
