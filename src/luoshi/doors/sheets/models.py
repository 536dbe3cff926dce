"""An upload on its way in: the file, its rows, and how its columns are read.

Rows name people, so cells are sealed under a key outside the database (`secret`), and go when
their row is in; what is left of an import are counts.
"""

from django.db import models
from django.db.models import Q


class Stage(models.TextChoices):
    """Where an import stands. In `AT_WORK` the worker has the next step, else a person."""

    CHOOSING = "choosing"  # which sheet
    READING = "reading"
    MAPPING = "mapping"  # which column is what
    CHECKING = "checking"
    READY = "ready"  # to be confirmed
    IMPORTING = "importing"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"


AT_WORK = (Stage.READING, Stage.CHECKING, Stage.IMPORTING)
OVER = (Stage.DONE, Stage.CANCELLED, Stage.REFUSED)


class Import(models.Model):
    """One file, and everything that was decided about it."""

    district = models.BigIntegerField()
    person = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=10)  # messages | subjects | returns
    target = models.CharField(max_length=30)  # new | old, or a kind of subject
    options = models.JSONField(default=dict)  # what a kind asks beside the columns
    name = models.CharField(max_length=200)
    file = models.CharField(max_length=64)
    form = models.CharField(max_length=4)  # xlsx | csv
    size = models.PositiveBigIntegerField()
    sheets = models.JSONField(default=list)
    sheet = models.CharField(max_length=100, blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices)
    told = models.JSONField(default=dict)  # what is odd about the file: codes with their details
    header = models.JSONField(default=list)
    header_row = models.PositiveIntegerField(default=0)
    mapping = models.JSONField(default=list)  # by column: the code of a field, or ""
    cursor = models.PositiveIntegerField(default=0)  # the last row that this stage is done with
    total = models.PositiveIntegerField(default=0)  # the last row of the sheet
    counts = models.JSONField(default=dict)
    error = models.JSONField(default=dict)  # why it was refused, or how the worker broke off
    tries = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["district", "-id"], name="import_newest"),
            models.Index(fields=["id"], name="import_at_work", condition=Q(stage__in=[*AT_WORK])),
        ]


class Mark(models.TextChoices):
    """What became of a row."""

    STAGED = "staged"
    GOOD = "good"
    BAD = "bad"
    DOUBLE = "double"  # the same as one further up
    KNOWN = "known"  # was imported before
    SAME = "same"  # changes nothing
    DONE = "done"


class Row(models.Model):
    """One row of the sheet that is not empty."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # as the spreadsheet program counts
    mark = models.CharField(max_length=6, choices=Mark.choices, default=Mark.STAGED)
    cells = models.BinaryField(null=True)
    key = models.BinaryField(max_length=32, null=True)
    faults = models.JSONField(default=list)  # [column, code, details]
    found = models.JSONField(default=dict)  # what it would change, by field: [old, new]
    ref = models.BigIntegerField(null=True)  # what it became

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="sheet_row_once")]
        indexes = [
            models.Index(fields=["of", "mark", "number"], name="sheet_row_mark"),
            models.Index(fields=["of", "key"], name="sheet_row_key"),
        ]


class Known(models.Model):
    """How columns of a sheet with this header were read last time."""

    district = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    target = models.CharField(max_length=30)
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(default=list)
    options = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["district", "kind", "target", "signature"], name="sheet_mapping_once"
            )
        ]
