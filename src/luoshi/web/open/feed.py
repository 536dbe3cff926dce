"""What was closed after an independent check, and what was announced: Atom."""

from datetime import datetime, time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from luoshi.cases import queries
from luoshi.publication import queries as notices
from luoshi.publication.words import KIND
from luoshi.web import here
from luoshi.web.case.choices import language
from luoshi.web.names_of_cases import name_of
from luoshi.web.notices.reading import address

MOST = 30


@require_safe
@cache_control(max_age=300, private=True)
@vary_on_cookie
def feed(request: HttpRequest) -> HttpResponse:
    """The last thirty of both, by day."""
    base, district = settings.LUOSHI_PUBLIC_URL, here.district()
    made = Atom1Feed(
        title=_("%(place)s: solved and announced") % {"place": here.name()},
        link=base + reverse("open:index"),
        feed_url=base + reverse("open:feed"),
        language="en" if get_language() == "en" else "zh-Hans",
        description="",
    )
    entries = [*_closed(district.id), *_announced(district.id)] if district else []
    for at, title, link, about in sorted(entries, reverse=True)[:MOST]:
        made.add_item(
            title=title, link=link, unique_id=link, description=about, pubdate=at, updateddate=at
        )
    return HttpResponse(made.writeString("utf-8"), content_type=made.content_type)


def _closed(district: int) -> list[tuple[datetime, str, str, str]]:
    found = queries.closed_after_check(district, limit=MOST)
    labels = {c.code: c.label(language()) for c in queries.categories(district)}
    zone = timezone.get_current_timezone()
    return [
        (
            datetime.combine(one.closed or one.received, time.min, tzinfo=zone),
            _("Closed after a check: %(what)s") % {"what": labels.get(one.category, "")},
            settings.LUOSHI_PUBLIC_URL + reverse("open:show", args=[name_of(one.id)]),
            escape(one.summary),  # feed readers take it for HTML
        )
        for one in found
    ]


def _announced(district: int) -> list[tuple[datetime, str, str, str]]:
    return [
        (line.changed_at, line.label(language()), address(line.number), str(KIND[line.kind]))
        for line in notices.latest(district)
    ]
