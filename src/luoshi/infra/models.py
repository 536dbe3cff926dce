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


class Chore(models.Model):
    """Where a chore of the night stands. `cursor` is 0 before and after a run; `found` holds the
    first faults of the last run, `error` how it broke off."""

    name = models.CharField(max_length=60, primary_key=True)
    begun_at = models.DateTimeField()
    next_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    cursor = models.BigIntegerField(default=0)
    faults = models.PositiveIntegerField(default=0)
    found = models.TextField(default="")
    error = models.TextField(default="")


class Stamp(models.Model):
    """When a table of settings.KEPT_TABLES was written last: not a time, a number that no other
    write has. `writer` is the transaction, on PostgreSQL; the stamp of a table is the sum."""

    name = models.CharField(max_length=63)
    writer = models.BigIntegerField()
    value = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "writer"], name="stamp_of_writer")]
