"""Who is signed in."""

from copy import copy

from allauth.account.auth_backends import AuthenticationBackend

from luoshi.infra import kept
from luoshi.registry.models import Person


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Allauth's, except that a person who is signed in is kept: each of his pages asks for him."""

    def get_user(self, user_id: int) -> Person | None:
        found = _person(int(user_id))
        # A copy, since Django notes things of one request in it.
        return copy(found) if found and self.user_can_authenticate(found) else None


@kept.by("registry_person")
def _person(id: int) -> Person | None:
    return Person.objects.filter(pk=id).first()
