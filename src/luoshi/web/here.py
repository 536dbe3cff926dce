"""The district whose public pages this installation shows."""

from django.conf import settings
from django.utils.translation import get_language

from luoshi.registry import queries as registry
from luoshi.registry.facts import DistrictInfo


def district() -> DistrictInfo | None:
    """The one with the code in `settings.DISTRICT`; None as long as the register is empty."""
    try:
        return registry.district(settings.DISTRICT)
    except registry.NotRegistered:
        return None


def phone() -> str:
    """The telephone of the desk for the public; an empty text where none is registered."""
    found = district()
    return registry.desk_phone(found.id) if found else ""


def name() -> str:
    """Its name in the language of the page, or an empty text."""
    found = district()
    if found is None:
        return ""
    return found.name_en if get_language() == "en" and found.name_en else found.name
