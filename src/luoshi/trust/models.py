"""What the log and the vault store.

LogLeaf, RevealRecord and Erasure are append-only: database triggers forbid changing them
(settings.APPEND_ONLY_TABLES).
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LogLeaf(models.Model):
    """One leaf in the queue of the public log. Says nothing of what, whose or when."""

    id = models.BigAutoField(primary_key=True)
    district_id = models.BigIntegerField()
    leaf = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = _("Log leaves")


class VaultRecord(models.Model):
    """Who somebody is, or what he wrote. The only place where either is kept.

    `wrapped_*` is the record's own key, sealed to the key of that name. An erasure empties all
    of `plain`, `ciphertext` and `wrapped_*`; the row stays, so that what points here finds out.
    """

    class Kind(models.TextChoices):
        CONTACT = "contact", _("Contact, sealed")
        SEALED = "sealed", _("Text, sealed")
        TEXT = "text", _("Text")

    id = models.BigIntegerField(primary_key=True)
    district_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    plain = models.TextField(null=True)  # noqa: DJ001  (NULL is "erased", "" is an empty text)
    ciphertext = models.BinaryField(null=True)
    wrapped_delivery = models.BinaryField(null=True)
    wrapped_reveal = models.BinaryField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("Vault records")
        indexes = [models.Index(fields=["district_id", "id"], name="vault_district")]
        constraints = [
            models.CheckConstraint(
                name="vault_sealed_holds_no_plain_text",
                condition=Q(kind="text") | Q(plain__isnull=True),
            ),
            models.CheckConstraint(
                name="vault_erased_holds_nothing",
                condition=Q(erased_at__isnull=True)
                | Q(
                    plain__isnull=True,
                    ciphertext__isnull=True,
                    wrapped_delivery__isnull=True,
                    wrapped_reveal__isnull=True,
                ),
            ),
        ]


class _Act(models.Model):
    """Something that a person did to a vault record, with his reason; payload of a log leaf."""

    id = models.BigIntegerField(primary_key=True)
    district_id = models.BigIntegerField()
    by = models.BigIntegerField()
    reason = models.TextField()
    at = models.DateTimeField()
    nonce = models.BinaryField()
    canonical = models.BinaryField()
    leaf = models.OneToOneField(LogLeaf, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class RevealRecord(_Act):
    """A look at something sealed, written down before it is opened."""

    vault_id = models.BigIntegerField(null=True)
    file_sha256 = models.CharField(max_length=64, blank=True)  # of a sealed file's plain bytes

    class Meta:
        verbose_name = verbose_name_plural = _("Reveals")
        indexes = [
            models.Index(fields=["district_id", "at"], name="reveal_district"),
            models.Index(fields=["vault_id"], name="reveal_vault"),
        ]


class Erasure(_Act):
    """A lawful erasure: what was in the record, or the picture, is gone; this stays."""

    vault_id = models.BigIntegerField(null=True, unique=True)
    picture_id = models.BigIntegerField(null=True, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("Erasures")
        indexes = [models.Index(fields=["district_id", "at"], name="erasure_district")]
        constraints = [
            models.CheckConstraint(
                name="erasure_of_one_thing",
                condition=Q(vault_id__isnull=True, picture_id__isnull=False)
                | Q(vault_id__isnull=False, picture_id__isnull=True),
            )
        ]
