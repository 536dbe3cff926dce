"""The token of a form that hands something in: the same form sent twice is one thing sent once.

It holds, signed, the name by which the door knows what it hands in; nothing is stored for it.
"""

from django.core import signing
from django.http import HttpRequest

FIELD = "token"
FORM_SECONDS = 24 * 3600


def token(name: str, *, salt: str) -> str:
    """For the hidden field."""
    return signing.dumps(name, salt=salt)


def name(request: HttpRequest, *, salt: str) -> str | None:
    """The name in the form that was sent; None when it is forged or lay open for over a day."""
    try:
        found: str = signing.loads(request.POST.get(FIELD, ""), salt=salt, max_age=FORM_SECONDS)
    except signing.BadSignature:
        return None
    return found
