"""What is new, for feed readers: Atom."""

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from luoshi.publication import queries
from luoshi.publication.words import KIND, STATUS
from luoshi.web import here
from luoshi.web.notices.reading import address


@require_safe
@cache_control(max_age=300)
def feed(request: HttpRequest) -> HttpResponse:
    """The last thirty that were published, corrected, ended or withdrawn."""
    language, district = get_language() or "zh-hans", here.district()
    home = address("x").removesuffix("x/")
    made = Atom1Feed(
        title=_("%(place)s: notices") % {"place": here.name()},
        link=home,
        feed_url=f"{home}feed.xml",
        language="en" if language == "en" else "zh-Hans",
        description="",
    )
    for line in queries.latest(district.id) if district else ():
        status = f" · {STATUS[line.status]}" if line.status != "published" else ""
        made.add_item(
            title=line.label(language),
            link=address(line.number),
            unique_id=address(line.number),
            description=f"{KIND[line.kind]} {line.number}{status}",
            pubdate=line.published_at,
            updateddate=line.changed_at,
        )
    return HttpResponse(made.writeString("utf-8"), content_type=made.content_type)
