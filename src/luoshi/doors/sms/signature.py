"""The one way in which this door and a gateway show each other that a message is theirs.

HMAC-SHA256 with the shared secret over the time of sending (Unix seconds, decimal), a dot and the
body as it goes over the wire; in hexadecimal, in the header X-Luoshi-Signature, the time beside it
in X-Luoshi-Timestamp. Only a message not older than five minutes counts.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime

TIMESTAMP = "X-Luoshi-Timestamp"
SIGNATURE = "X-Luoshi-Signature"
TOLERANCE_SECONDS = 300


class NotSigned(Exception):
    """`code`: signature_missing, signature_wrong, signature_late."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def sign(*, body: bytes, secret: str, now: datetime) -> dict[str, str]:
    """The two headers for a body that is sent now."""
    timestamp = str(int(now.timestamp()))
    return {TIMESTAMP: timestamp, SIGNATURE: _digest(body, secret, timestamp)}


def check(*, body: bytes, headers: Mapping[str, str], secret: str, now: datetime) -> None:
    """Raises NotSigned."""
    timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not timestamp or not signature:
        raise NotSigned("signature_missing")
    # As bytes: compare_digest takes no text beyond ASCII, and anybody may send some.
    given = signature.strip().lower().encode("utf-8", "replace")
    if not hmac.compare_digest(given, _digest(body, secret, timestamp).encode()):
        raise NotSigned("signature_wrong")
    # Signed, so it is a number unless the other side signs nonsense.
    if not timestamp.isascii() or not timestamp.isdigit():
        raise NotSigned("signature_wrong")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        raise NotSigned("signature_late")


def _digest(body: bytes, secret: str, timestamp: str) -> str:
    signed = timestamp.encode("utf-8", "replace") + b"." + body
    return hmac.new(secret.encode(), signed, "sha256").hexdigest()
