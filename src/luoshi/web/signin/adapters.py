"""Where our sign-in differs from django-allauth's."""

import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from nacl.encoding import URLSafeBase64Encoder
from nacl.secret import SecretBox


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from the register."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return str(self.get_login_redirect_url(request))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """TOTP secrets and recovery codes are sealed under a key that is not in the database, so that
    a stolen copy of it gives nobody a second factor."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode(), encoder=URLSafeBase64Encoder).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode(), encoder=URLSafeBase64Encoder).decode()


def _box() -> SecretBox:
    key = settings.SECRET_KEY.encode()
    return SecretBox(hashlib.blake2b(key, digest_size=32, person=b"luoshi totp").digest())
