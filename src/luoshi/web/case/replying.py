"""What is known of a case for the gaps of an answer."""

from django.conf import settings
from django.utils import translation

from luoshi.registry import queries as registry
from luoshi.web import formats
from luoshi.web.case import choices
from luoshi.web.case.about import About


def known(about: About) -> dict[str, str]:
    """By the names of `cases.gaps.VARIABLES`; "" where nothing is known. In the language of the
    library, which is that of the installation."""
    with translation.override(settings.LANGUAGE_CODE):
        return _known(about)


def _known(about: About) -> dict[str, str]:
    state = about.state
    area, subject = (
        (state.area, state.subject)
        if state.area or state.subject
        else (about.match.area, about.match.subject)
    )
    code = state.category or about.guess
    category = about.category(code)
    duty = about.duty(category=code, area=area, subject=subject)
    unit = next((one for one in about.units if duty and one.id == duty[0]), None)
    place = about.subject(subject) if subject else None
    areas = {one.id: one.name for one in about.areas}
    urgency = category.urgency if category else state.urgency
    desk = next(iter(registry.roles_of(about.person, on=about.today)), None)
    return {
        "place": place.name if place else areas.get(area or 0, ""),
        "unit": choices.unit_name(unit) if unit else "",
        "phone": unit.phone if unit else "",
        "deadline": formats.until(about.deadlines.get(urgency)) if category else "",
        "number": about.page.line.number,
        "category": category.label(choices.language()) if category else "",
        "received": formats.date(state.received_at) if state.received_at else "",
        "desk": registry.unit_names([desk.unit]).get(desk.unit, "") if desk else "",
    }
