"""Standards and promises in versions, checks with their answers, findings, and what is reported.

History (versions, checks, answers, findings, reported values, records, proofs) is append-only by
database triggers. `Standing` and `Latest` hold what is true now and can be made anew from it.
Subjects, people, units, cases and vault texts are given by id.
"""

from django.db import models
from django.db.models import Index, Q, UniqueConstraint


class Field(models.Model):
    """One of the fields of a district's work: food markets, preschools, ..."""

    district = models.BigIntegerField()
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    about = models.TextField(blank=True)
    about_en = models.TextField(blank=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["district", "code"], name="field_once")]


class Source(models.Model):
    """Where an expectation comes from: a law, a guide, an agreement, a plan."""

    district = models.BigIntegerField()
    field = models.CharField(max_length=40)
    code = models.CharField(max_length=80)
    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    date = models.CharField(max_length=10, blank=True)  # as exact as it is known: 2020, 2020-02
    url = models.URLField(blank=True)
    note = models.TextField(blank=True)
    note_en = models.TextField(blank=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["district", "field", "code"], name="source_once")]


class Kind(models.Model):
    """A kind of subject and the facts that are kept of each."""

    district = models.BigIntegerField()
    field = models.CharField(max_length=40)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    part_of = models.CharField(max_length=30, blank=True)
    public = models.BooleanField(default=False)
    facts = models.JSONField(default=list)

    class Meta:
        constraints = [UniqueConstraint(fields=["district", "code"], name="kind_once")]


class FigureKind(models.Model):
    """A figure or signal that is reported of a kind of subject, period by period."""

    district = models.BigIntegerField()
    field = models.CharField(max_length=40)
    kind = models.CharField(max_length=30)
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    unit = models.CharField(max_length=30, blank=True)
    unit_name = models.CharField(max_length=30, blank=True)
    unit_name_en = models.CharField(max_length=30, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    signal = models.BooleanField(default=False)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["district", "kind", "code"], name="figurekind_once")
        ]


class RecordKind(models.Model):
    """A record that must exist again and again: a purchase record, a patrol."""

    district = models.BigIntegerField()
    field = models.CharField(max_length=40)
    kind = models.CharField(max_length=30)
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    fields = models.JSONField(default=list)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["district", "kind", "code"], name="recordkind_once")
        ]


class Expectation(models.Model):
    """What stays the same over all versions: its code, its field, the kind it applies to."""

    district = models.BigIntegerField()
    field = models.CharField(max_length=40)
    code = models.CharField(max_length=80)
    kind = models.CharField(max_length=30)
    method = models.CharField(max_length=8)

    class Meta:
        constraints = [UniqueConstraint(fields=["district", "code"], name="expectation_once")]
        indexes = [Index(fields=["district", "kind"], name="expectation_kind")]


class Version(models.Model):
    """One version, never changed. In force on a day: the highest that began and has not ended."""

    district = models.BigIntegerField()
    expectation = models.ForeignKey(Expectation, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    help = models.TextField(blank=True)
    help_en = models.TextField(blank=True)
    source = models.CharField(max_length=80)
    clause = models.CharField(max_length=80, blank=True)
    named = models.BooleanField(default=False)
    severity = models.CharField(max_length=8)
    days = models.PositiveSmallIntegerField()
    tier = models.CharField(max_length=6)
    category = models.CharField(max_length=80)
    duty = models.CharField(max_length=80)
    every = models.PositiveSmallIntegerField(null=True)
    spec = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["expectation", "number"], name="version_once")]


class Round(models.Model):
    """A plan of checks: which expectations are looked at in which subjects, until when.

    A drawn round keeps its frozen pool and seed, so that anybody can draw again.
    """

    id = models.BigIntegerField(primary_key=True)
    district = models.BigIntegerField()
    field = models.CharField(max_length=40)
    plan = models.CharField(max_length=80, blank=True)  # the code of the pack's plan
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    expectations = models.JSONField(default=list)  # ids
    seed = models.CharField(max_length=64, blank=True)
    pool = models.JSONField(default=list)  # ids of subjects, frozen before the draw
    starts = models.DateField()
    ends = models.DateField()
    by = models.BigIntegerField(null=True)  # who started it
    person = models.BigIntegerField(null=True)  # who carries it out; null: any inspector
    at = models.DateTimeField()
    key = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["district", "key"], condition=~Q(key=""), name="round_key_once"
            )
        ]
        indexes = [Index(fields=["district", "field", "-id"], name="round_field")]


class RoundSubject(models.Model):
    """A subject of a round; `done` is the check that was made of it."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="subjects")
    subject = models.BigIntegerField()
    done = models.BigIntegerField(null=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["round", "subject"], name="roundsubject_once")]
        indexes = [Index(fields=["subject"], name="roundsubject_subject")]


class Plan(models.Model):
    """A round that a pack suggests, again and again."""

    district = models.BigIntegerField()
    field = models.CharField(max_length=40)
    code = models.CharField(max_length=80)
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    every = models.PositiveSmallIntegerField(null=True)
    expectations = models.JSONField(default=list)  # codes; empty: all of the kind
    draw = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["district", "code"], name="plan_once")]


class Check(models.Model):
    """Somebody, a rule or the clock looked. `key` makes sending twice once."""

    id = models.BigIntegerField(primary_key=True)
    district = models.BigIntegerField()
    subject = models.BigIntegerField()
    by = models.CharField(max_length=6)  # person, rule
    person = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()  # later than `at` when it was sent without signal
    lat = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    lon = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    round = models.BigIntegerField(null=True)
    case = models.BigIntegerField(null=True)  # the case that this check verifies
    corrects = models.BigIntegerField(null=True)  # an earlier check
    reason = models.BigIntegerField(null=True)  # why it is corrected; vault text
    key = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["district", "key"], condition=~Q(key=""), name="check_key_once"
            ),
            UniqueConstraint(
                fields=["corrects"],
                condition=Q(corrects__isnull=False),
                name="check_corrected_once",
            ),
        ]
        indexes = [
            Index(fields=["subject", "-id"], name="check_subject"),
            Index(fields=["case"], name="check_case", condition=Q(case__isnull=False)),
        ]


class Answer(models.Model):
    """What one check says of one expectation, on the version that held then."""

    id = models.BigIntegerField(primary_key=True)
    check_made = models.ForeignKey(Check, models.PROTECT, related_name="answers")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    expectation = models.ForeignKey(Expectation, models.PROTECT, related_name="+")
    subject = models.BigIntegerField()
    result = models.CharField(max_length=8)
    code = models.CharField(max_length=30)  # the reason in one word, see rules.expectations
    period = models.CharField(max_length=10, blank=True)
    detail = models.JSONField(default=dict)  # number, choice, value, limit, missing
    text = models.BigIntegerField(null=True)  # vault

    class Meta:
        indexes = [Index(fields=["subject", "expectation", "-id"], name="answer_subject")]


class CheckPicture(models.Model):
    """A picture taken at a check; rebuilt, its original sealed, as pictures of cases are."""

    id = models.BigIntegerField(primary_key=True)
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="pictures")
    district = models.BigIntegerField()
    copy = models.CharField(max_length=64)
    thumb = models.CharField(max_length=64)
    original = models.CharField(max_length=64)
    original_hash = models.BinaryField(max_length=32)
    pixel_hash = models.BinaryField(max_length=32)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)


class Finding(models.Model):
    """Unmet: once for each expectation, subject and period or visit. It opened or joined a case."""

    id = models.BigIntegerField(primary_key=True)
    district = models.BigIntegerField()
    expectation = models.ForeignKey(Expectation, models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="+")
    subject = models.BigIntegerField()
    period = models.CharField(max_length=20)
    fingerprint = models.BinaryField(max_length=32)
    case = models.BigIntegerField()
    joined = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["district", "fingerprint"], name="finding_once")]
        indexes = [
            Index(fields=["case"], name="finding_case"),
            Index(fields=["expectation", "subject", "-id"], name="finding_subject"),
            Index(fields=["district", "-id"], name="finding_new"),
            Index(fields=["district", "at"], name="finding_at"),
        ]


class Standing(models.Model):
    """What holds now of one expectation for one subject; no row: never checked."""

    district = models.BigIntegerField()
    expectation = models.ForeignKey(Expectation, models.PROTECT, related_name="+")
    subject = models.BigIntegerField()
    result = models.CharField(max_length=8)
    code = models.CharField(max_length=30)
    period = models.CharField(max_length=10, blank=True)
    version = models.BigIntegerField()
    answer = models.BigIntegerField()
    at = models.DateTimeField()  # of the last look
    since = models.DateTimeField()  # since when the result is this
    next_due = models.DateField(null=True)  # of the next look by a person
    case = models.BigIntegerField(null=True)  # the case that a finding opened

    class Meta:
        constraints = [UniqueConstraint(fields=["expectation", "subject"], name="standing_once")]
        indexes = [
            Index(fields=["subject"], name="standing_subject"),
            Index(fields=["expectation", "result", "subject"], name="standing_result"),
            Index(fields=["district", "next_due", "subject"], name="standing_due"),
        ]


class Tally(models.Model):
    """How many subjects stand where, for each expectation; kept with every change of a standing."""

    district = models.BigIntegerField()
    expectation = models.ForeignKey(Expectation, models.PROTECT, related_name="+")
    result = models.CharField(max_length=8)
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [UniqueConstraint(fields=["expectation", "result"], name="tally_once")]


class Figure(models.Model):
    """A value as it was reported; a later revision of the same period counts instead."""

    id = models.BigIntegerField(primary_key=True)
    district = models.BigIntegerField()
    subject = models.BigIntegerField()
    kind = models.ForeignKey(FigureKind, models.PROTECT, related_name="+")
    period = models.CharField(max_length=10)
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    source = models.CharField(max_length=120)
    reported_on = models.DateField()
    person = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)  # of a revision
    at = models.DateTimeField()

    class Meta:
        indexes = [Index(fields=["subject", "kind", "period", "-id"], name="figure_subject")]


class Latest(models.Model):
    """The value that counts now: of the last period, in its last revision."""

    kind = models.ForeignKey(FigureKind, models.PROTECT, related_name="+")
    subject = models.BigIntegerField()
    period = models.CharField(max_length=10)
    period_end = models.DateField()
    value = models.FloatField(null=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["kind", "subject"], name="latest_once")]


class Record(models.Model):
    """That something was done on a day: goods bought and checked, a round walked."""

    id = models.BigIntegerField(primary_key=True)
    district = models.BigIntegerField()
    subject = models.BigIntegerField()
    kind = models.ForeignKey(RecordKind, models.PROTECT, related_name="+")
    on = models.DateField()
    data = models.JSONField(default=dict)
    person = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    key = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["district", "key"], condition=~Q(key=""), name="record_key_once"
            )
        ]
        indexes = [Index(fields=["kind", "subject", "-on"], name="record_last")]


class Proof(models.Model):
    """What was delivered for a date."""

    id = models.BigIntegerField(primary_key=True)
    district = models.BigIntegerField()
    subject = models.BigIntegerField()
    expectation = models.ForeignKey(Expectation, models.PROTECT, related_name="+")
    due = models.DateField()
    on = models.DateField()
    text = models.BigIntegerField(null=True)  # vault
    files = models.JSONField(default=list)  # [{sha256, name, kind}]
    person = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    key = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["district", "key"], condition=~Q(key=""), name="proof_key_once"
            )
        ]
        indexes = [Index(fields=["expectation", "subject", "due"], name="proof_due")]


class Night(models.Model):
    """One evaluation of everything that rules and the clock judge, and how far it has come."""

    district = models.BigIntegerField()
    day = models.DateField()
    at = models.DateTimeField()
    # Done: every expectation before this one, and of this one the subjects up to this one.
    expectation = models.BigIntegerField(default=0)
    subject = models.BigIntegerField(default=0)
    evaluated = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    findings = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["district", "day"], name="night_once")]
