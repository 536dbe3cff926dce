"""Where our demands on a password differ from Django's."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Django's own, whose sentence has no Chinese."""

    def get_error_message(self) -> str:
        return _("The password is too short: use at least %(n)d characters.") % {
            "n": self.min_length
        }
