"""Notices and bulletins: the row, its draft, and what was published of it, which never changes.

Only this app's actions write these tables; `publication_entry` is append-only.
"""

from django.db import models
from django.db.models import Q


class Publication(models.Model):
    """The row: what lists ask for. `title` and `title_en` are those of the last version, tokens
    filled in; of the draft as long as there is none."""

    id = models.BigIntegerField(primary_key=True)
    district_id = models.BigIntegerField()
    number = models.CharField(max_length=30)
    kind = models.CharField(max_length=12)
    status = models.CharField(max_length=10, default="draft")
    unit = models.BigIntegerField()
    title = models.TextField(default="")
    title_en = models.TextField(default="")
    seq = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    listed = models.BigIntegerField(null=True)  # id of the first entry: the order of public lists
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)  # when the clock has something to do

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district_id", "number"], name="publication_once")
        ]
        indexes = [
            models.Index(
                fields=["district_id", "-listed"],
                name="publication_listed",
                condition=Q(listed__isnull=False),
            ),
            models.Index(
                fields=["district_id", "kind", "-listed"],
                name="publication_kind",
                condition=Q(listed__isnull=False),
            ),
            models.Index(
                fields=["district_id", "-changed_at"],
                name="publication_changed",
                condition=Q(listed__isnull=False),
            ),
            models.Index(fields=["district_id", "status", "-id"], name="publication_status"),
            models.Index(
                fields=["next_at"], name="publication_clock", condition=Q(next_at__isnull=False)
            ),
        ]


class Draft(models.Model):
    """What is being written: a first text, or the correction of a published one. `rev` counts the
    times it was saved, so that two who write at once are told."""

    id = models.BigIntegerField(primary_key=True)
    publication = models.OneToOneField(Publication, on_delete=models.CASCADE)
    rev = models.PositiveIntegerField(default=1)
    content = models.JSONField()  # as written: rules in content.py
    person = models.BigIntegerField()
    at = models.DateTimeField()
    publish_at = models.DateTimeField(null=True)
    failed = models.TextField(default="")  # why the clock could not publish it


class Entry(models.Model):
    """One thing that was made public: a version, its withdrawal, its end. `canonical` and `nonce`
    open the commitment in the log leaf."""

    id = models.BigIntegerField(primary_key=True)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT)
    district_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)  # published | corrected | withdrawn | over
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    person = models.BigIntegerField(null=True)
    draft = models.BigIntegerField(null=True)
    reason = models.TextField(default="")
    reason_en = models.TextField(default="")
    content = models.JSONField(null=True)
    canonical = models.BinaryField()
    nonce = models.BinaryField()
    leaf = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "seq"], name="entry_seq_once"),
            models.UniqueConstraint(fields=["draft"], name="entry_draft_once"),
            models.UniqueConstraint(fields=["leaf"], name="entry_leaf_once"),
        ]
        indexes = [models.Index(fields=["district_id", "kind", "at"], name="entry_kind")]
