"""What cases keep that was made from a text or a contact goes when that is erased.

For settings.ERASURE_HOOKS: each runs in the transaction of the erasure.
"""

from luoshi.cases.models import ReplyMark, Report


def replies(vault_id: int) -> None:
    """The marks by which a repeated reply is found."""
    ReplyMark.objects.filter(reply__text=vault_id).delete()


def phones(vault_id: int) -> None:
    """The tag by which a report is found with a phone; its access code still opens it."""
    Report.objects.filter(contact=vault_id).update(phone_tag=None)
