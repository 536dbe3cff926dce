"""What is stored of a case: the row, its events, the reports that belong to it, its pictures.

Only this app's actions write these tables. Events are append-only (database triggers); free text
and contacts live in the vault and are pointed to by id.
"""

from django.db import models
from django.db.models import Q

from luoshi.rules.state import Origin, Status, Tier


class Category(models.Model):
    """What a case is about, and how it is handled; seeded from the packs."""

    district_id = models.BigIntegerField()
    code = models.CharField(max_length=60)
    field = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    urgency = models.CharField(max_length=20, default="ordinary")
    tier = models.CharField(max_length=10, default=Tier.PAPERS)
    picture_needed = models.BooleanField(default=False)
    measures = models.JSONField(default=list)  # what a claim may name, the mere notice among them
    words = models.JSONField(default=list)  # what residents write when they mean it
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district_id", "code"], name="category_once")
        ]


class Answer(models.Model):
    """An entry of the library of answers, or a listed reason for declining."""

    district_id = models.BigIntegerField()
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)  # answer | decline
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    text = models.TextField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district_id", "code"], name="answer_once")]


class Case(models.Model):
    """The row: exactly the fields of rules.state.State, plus the keys to find it by, and of its
    first report the door, and `told`, the words (in the vault), which lists show until the desk has
    summed up."""

    id = models.BigIntegerField(primary_key=True)
    district_id = models.BigIntegerField()
    number = models.CharField(max_length=20)
    seq = models.PositiveIntegerField(default=0)
    lat = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    lon = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    told = models.BigIntegerField(null=True)
    door = models.CharField(max_length=12, default="")

    status = models.CharField(max_length=10)
    resolution = models.CharField(max_length=12, null=True)  # noqa: DJ001 - None is "not closed"
    origin = models.CharField(max_length=12, default=Origin.REPORT)
    sealed = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    category = models.CharField(max_length=60, default="")
    urgency = models.CharField(max_length=20, default="ordinary")
    tier = models.CharField(max_length=10, default=Tier.PAPERS)
    raised = models.BooleanField(default=False)
    area = models.BigIntegerField(null=True)
    subject = models.BigIntegerField(null=True)
    place_open = models.BooleanField(default=False)
    summary = models.BigIntegerField(null=True)
    accused = models.JSONField(default=list)
    reports = models.PositiveIntegerField(default=0)
    reporters = models.PositiveIntegerField(default=0)
    awaiting = models.PositiveIntegerField(default=0)
    owner = models.BigIntegerField(null=True)
    person = models.BigIntegerField(null=True)
    was_assigned = models.BooleanField(default=False)
    handlers = models.JSONField(default=list)
    assigned_at = models.DateTimeField(null=True)
    deadline = models.DateTimeField(null=True)
    original_deadline = models.DateTimeField(null=True)
    parent = models.BigIntegerField(null=True)
    children = models.PositiveIntegerField(default=0)
    absorbed = models.PositiveIntegerField(default=0)
    merged_into = models.BigIntegerField(null=True)
    before_merge = models.CharField(max_length=10, null=True)  # noqa: DJ001
    returns = models.PositiveIntegerField(default=0)
    returned_by = models.JSONField(default=list)
    final = models.BooleanField(default=False)
    extension = models.CharField(max_length=10, default="none")
    contacted = models.BooleanField(default=False)
    claims = models.PositiveIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, null=True)  # noqa: DJ001
    verifier = models.BigIntegerField(null=True)
    opened = models.BooleanField(default=False)
    begun = models.BooleanField(default=False)
    passed = models.BooleanField(default=False)
    replied = models.BooleanField(default=False)
    not_solved = models.PositiveIntegerField(default=0)
    concludable = models.BooleanField(default=False)
    verdict = models.CharField(max_length=14, null=True)  # noqa: DJ001
    review_at = models.DateTimeField(null=True)
    level = models.PositiveIntegerField(default=0)
    answered_by = models.BigIntegerField(null=True)
    disputed = models.BooleanField(default=False)
    sample = models.CharField(max_length=10, default="none")
    sampler = models.BigIntegerField(null=True)
    reopened = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    since = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)
    missed = models.JSONField(default=list)
    missed_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    due = models.CharField(max_length=12, null=True)  # noqa: DJ001
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district_id", "number"], name="case_number_once")
        ]
        indexes = [
            # Lists ask for the open part only, which stays small however old the district grows.
            models.Index(
                fields=["district_id", "next_at", "id"],
                name="case_open_due",
                condition=~Q(status=Status.CLOSED),
            ),
            models.Index(
                fields=["district_id", "status", "next_at", "id"],
                name="case_open_status",
                condition=~Q(status=Status.CLOSED),
            ),
            models.Index(
                fields=["district_id", "deadline", "id"],
                name="case_open_deadline",
                condition=~Q(status=Status.CLOSED),
            ),
            models.Index(fields=["next_at"], name="case_clock", condition=Q(next_at__isnull=False)),
            models.Index(fields=["district_id", "-id"], name="case_newest"),
            models.Index(fields=["district_id", "status", "-id"], name="case_by_status"),
            models.Index(fields=["district_id", "owner", "status", "deadline"], name="case_owner"),
            models.Index(
                fields=["verifier"],
                name="case_verifier_open",
                condition=Q(verifier__isnull=False) & ~Q(status=Status.CLOSED),
            ),
            models.Index(
                # "Open" said in another way than above, else SQLite takes one of those for it.
                fields=["district_id"],
                name="case_open_accused",
                condition=Q(closed_at=None) & ~Q(accused=[]),
            ),
            models.Index(
                fields=["sampler"], name="case_sampler", condition=Q(sampler__isnull=False)
            ),
            models.Index(fields=["parent"], name="case_parent", condition=Q(parent__isnull=False)),
            models.Index(
                fields=["merged_into"], name="case_merged", condition=Q(merged_into__isnull=False)
            ),
            models.Index(fields=["district_id", "subject", "category", "-id"], name="case_same"),
            # The ways of the list of all cases (queries.register). Most are empty on arrival.
            models.Index(
                fields=["district_id", "-id"],
                name="case_open_newest",
                condition=~Q(status=Status.CLOSED),
            ),
            models.Index(
                fields=["district_id", "owner", "-id"],
                name="case_owner_newest",
                condition=Q(owner__isnull=False),
            ),
            models.Index(
                fields=["district_id", "area", "-id"],
                name="case_area_newest",
                condition=Q(area__isnull=False),
            ),
            models.Index(
                fields=["district_id", "category", "-id"],
                name="case_category_newest",
                condition=~Q(category=""),
            ),
            models.Index(
                fields=["district_id", "origin", "-id"],
                name="case_origin_newest",
                condition=~Q(origin=Origin.REPORT),
            ),
        ]


class SavedView(models.Model):
    """What somebody wants to see of the list of all cases again: the query of its address."""

    district_id = models.BigIntegerField()
    person = models.BigIntegerField()
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=600)
    default = models.BooleanField(default=False)  # what he sees when he asks for nothing

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "person", "name"], name="saved_view_once"
            ),
            models.UniqueConstraint(
                fields=["district_id", "person"],
                name="saved_view_one_default",
                condition=Q(default=True),
            ),
        ]


class ListTaken(models.Model):
    """Who took a list of cases along as a file, when, by which filters, and how many rows. The
    words that were looked for are left out: they may be about a person."""

    district_id = models.BigIntegerField()
    person = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=4)  # xlsx | csv
    query = models.CharField(max_length=600)
    rows = models.PositiveIntegerField(null=True)  # None: he broke it off

    class Meta:
        indexes = [models.Index(fields=["district_id", "at"], name="list_taken_at")]


class SearchEntry(models.Model):
    """The words of a case as tokens between spaces (cases.search); an index lies over them."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True)
    words = models.TextField()


class StormOrder(models.Model):
    """A desk person's standing instruction for one storm: new cases like the target are merged
    into it until a time (cases.storms). Each merge is his act, and this its reason."""

    id = models.BigIntegerField(primary_key=True)
    district_id = models.BigIntegerField()
    target = models.ForeignKey(Case, on_delete=models.PROTECT)
    person = models.BigIntegerField()
    given_at = models.DateTimeField()
    until = models.DateTimeField()
    joined = models.JSONField(default=list)  # cases merged by it
    refused = models.JSONField(default=dict)  # case: why it was left to a person
    looked_to = models.BigIntegerField(default=0)  # the last case held against the target
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)  # None: its time was over, or the target closed

    class Meta:
        indexes = [
            models.Index(
                fields=["district_id"], name="storm_order_runs", condition=Q(ended_at=None)
            )
        ]


class CaseUnit(models.Model):
    """A unit that answers or ever answered for a case: what its people may see."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    unit = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "unit"], name="case_unit_once")]
        indexes = [models.Index(fields=["unit", "-case"], name="case_unit")]


class CaseEvent(models.Model):
    """One thing that happened. `canonical` and `nonce` open the commitment in the log leaf."""

    id = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT)
    district_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    seat = models.CharField(max_length=12)
    person = models.BigIntegerField(null=True)
    unit = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    canonical = models.BinaryField()
    nonce = models.BinaryField()
    leaf = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="event_seq_once"),
            # Also the way from a leaf to what it commits to.
            models.UniqueConstraint(fields=["leaf"], name="event_leaf_once"),
        ]
        indexes = [
            models.Index(fields=["district_id", "kind", "at"], name="event_kind"),
            models.Index(
                fields=["person", "at"], name="event_person", condition=Q(person__isnull=False)
            ),
        ]


class Report(models.Model):
    """One message of one person. Text and contact are in the vault; the code only as its hash."""

    id = models.BigIntegerField(primary_key=True)
    district_id = models.BigIntegerField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT)
    number = models.CharField(max_length=20)
    door = models.CharField(max_length=12)
    track = models.CharField(max_length=12)  # ordinary | confidential
    received_at = models.DateTimeField()
    text = models.BigIntegerField(null=True)
    contact = models.BigIntegerField(null=True)
    code_hash = models.BinaryField(max_length=32, null=True)
    phone_tag = models.BinaryField(max_length=32, null=True)
    reachable = models.BooleanField()
    language = models.CharField(max_length=10, default="zh-hans")
    verdict = models.CharField(max_length=14, null=True)  # noqa: DJ001
    verdict_at = models.DateTimeField(null=True)
    verdict_claim = models.PositiveIntegerField(default=0)
    satisfied = models.BooleanField(null=True)
    minor = models.BooleanField(default=False)
    link_hash = models.BinaryField(max_length=32, null=True)
    link_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district_id", "number"], name="report_number_once"),
            models.UniqueConstraint(fields=["code_hash"], name="report_code_once"),
            models.UniqueConstraint(fields=["link_hash"], name="report_link_once"),
        ]


class IdempotencyKey(models.Model):
    """What a door already handed in: (door, external id) as a hash, so that a retry is one."""

    district_id = models.BigIntegerField()
    door = models.CharField(max_length=12)
    key = models.BinaryField(max_length=32)
    report = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district_id", "door", "key"], name="door_key_once")
        ]


class Reply(models.Model):
    """The words of a claim, which lie in the vault, and which earlier ones they repeat."""

    id = models.BigIntegerField(primary_key=True)
    district_id = models.BigIntegerField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT)
    claim = models.PositiveIntegerField()  # which claim of the case
    unit = models.BigIntegerField()
    text = models.BigIntegerField()
    like = models.BigIntegerField(null=True)  # the earlier Reply that is nearly the same
    same = models.PositiveSmallIntegerField(default=0)  # per cent
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "claim"], name="reply_of_claim_once")
        ]


class ReplyMark(models.Model):
    """One of the keyed values under which a reply is found (cases.replies)."""

    reply = models.ForeignKey(Reply, on_delete=models.CASCADE)
    unit = models.BigIntegerField()
    value = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["unit", "value", "-reply"], name="reply_mark")]


MADE_FROM_IT = tuple(
    f"{name}__isnull"
    for name in (
        "original_hash", "pixel_hash", "dhash", "dhash_down", "band0", "band1", "band2", "band3",
    )
)  # fmt: skip


class Picture(models.Model):
    """A picture, by hash: the rebuilt copy that officers see, a small one of it for lists, and the
    sealed original.

    An erasure empties all that was made from it; the names of its files stay until these are gone.
    """

    id = models.BigIntegerField(primary_key=True)
    district_id = models.BigIntegerField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT)
    report = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=12)  # report | claim | verify | inspect | note
    seat = models.CharField(max_length=12)
    at = models.DateTimeField()
    copy = models.CharField(max_length=64)
    thumb = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    original = models.CharField(max_length=64)
    original_hash = models.BinaryField(max_length=32, null=True)
    pixel_hash = models.BinaryField(max_length=32, null=True)
    dhash = models.BigIntegerField(null=True)
    dhash_down = models.BigIntegerField(null=True)
    band0 = models.IntegerField(null=True)  # cases.looks: by which near ones are found
    band1 = models.IntegerField(null=True)
    band2 = models.IntegerField(null=True)
    band3 = models.IntegerField(null=True)
    like = models.BigIntegerField(null=True)  # the nearest earlier picture, if one is nearly alike
    explanation = models.BigIntegerField(null=True)  # why, or why another time or place
    own = models.JSONField(default=dict)  # cases.taken.Own; empty where it was not judged
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="picture_erased_or_whole",
                condition=Q(erased_at__isnull=True, **dict.fromkeys(MADE_FROM_IT, False))
                | Q(erased_at__isnull=False, **dict.fromkeys(MADE_FROM_IT, True)),
            )
        ]
        indexes = [
            models.Index(fields=["case", "id"], name="picture_case"),
            models.Index(
                fields=["report"], name="picture_report", condition=Q(report__isnull=False)
            ),
            models.Index(
                fields=["erased_at"], name="picture_erased", condition=Q(erased_at__isnull=False)
            ),
            models.Index(fields=["district_id", "pixel_hash"], name="picture_pixels"),
            models.Index(fields=["district_id", "original_hash"], name="picture_original"),
            # All that the search for near pictures reads, so that it need not open the rows.
            *(
                models.Index(
                    fields=["district_id", f"band{n}", "dhash", "dhash_down", "id"],
                    name=f"picture_band{n}",
                )
                for n in range(4)
            ),
        ]


class Learned(models.Model):
    """A version of what suggestions were learned from settled cases; `cases.suggest` writes it.

    Unfinished until `finished_at`; `file` is "" where there was too little to learn from, and once
    its numbers were deleted."""

    district_id = models.BigIntegerField()
    target = models.CharField(max_length=10)  # category | owner
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    examples = models.PositiveIntegerField()
    classes = models.PositiveIntegerField()
    held_out = models.PositiveIntegerField(default=0)
    threshold = models.FloatField(null=True)
    precision = models.FloatField(default=0)
    silent = models.FloatField(default=1)
    macro_f1 = models.FloatField(default=0)
    file = models.CharField(max_length=64, default="")

    class Meta:
        indexes = [models.Index(fields=["district_id", "target", "-id"], name="learned_newest")]


class Suggested(models.Model):
    """What was suggested for a case at its first triage, and whether the desk took it: None where
    nothing was said."""

    district_id = models.BigIntegerField()
    case = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    version = models.BigIntegerField()
    category = models.CharField(max_length=60)
    owner = models.BigIntegerField(null=True)
    margin = models.FloatField()
    taken = models.BooleanField(null=True)
    owner_taken = models.BooleanField(null=True)

    class Meta:
        indexes = [models.Index(fields=["district_id", "at"], name="suggested_at")]


class Handover(models.Model):
    """What one shift of the desk leaves to the next: a note in the vault, and who took it over."""

    id = models.BigIntegerField(primary_key=True)
    district_id = models.BigIntegerField()
    by = models.BigIntegerField()
    at = models.DateTimeField()
    note = models.BigIntegerField()
    taken_by = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["district_id", "-id"], name="handover_newest")]


class PhoneTry(models.Model):
    """The desk phoned a reporter and nobody answered, or put him off until later."""

    district_id = models.BigIntegerField()
    case = models.BigIntegerField()
    by = models.BigIntegerField()
    at = models.DateTimeField()
    again_at = models.DateTimeField()
    rang = models.BooleanField()  # False: put off without a call

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="phone_try")]
