"""What letters and lists share: addresses, names, and a finding in words."""

from datetime import date, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from luoshi.expectations.queries import LedgerRow
from luoshi.registry import queries as registry
from luoshi.web import formats
from luoshi.web.case.choices import language


def address(name: str, *args: object, **query: object) -> str:
    """The full address of a page, for the code on a document."""
    given = {key: value for key, value in query.items() if value}
    return (
        settings.LUOSHI_PUBLIC_URL
        + reverse(name, args=args)
        + (f"?{urlencode(given)}" if given else "")
    )


def printed(now: datetime) -> str:
    return _("Printed on %(at)s. What holds is what the system says.") % {
        "at": formats.datetime(now)
    }


def district_name(district: int) -> str:
    found = registry.district_by_id(district)
    return found.name_en if language() == "en" and found.name_en else found.name


def units_with(district: int, role: str, *, on: date) -> list[str]:
    """The names of the units in which somebody has this role on that day, the oldest first."""
    ids = sorted({one.unit for one in registry.roster(district, on=on) if one.role == role})
    found = registry.unit_names(ids, language=language())
    return [found[id] for id in ids if id in found]


def unmet(row: LedgerRow, *, source: bool = False) -> str:
    """What is expected, what was measured or seen, and where it is demanded."""
    said = row.said.rstrip("。. \n")
    parts = [part for part in (row.demand.title, row.reason, said) if part]
    if source and row.demand.source:
        told = row.demand.source
        parts.append(
            _("demanded by %(source)s") % {"source": f"{told.title} {told.clause}".strip()}
        )
    return _("; ").join(parts)
