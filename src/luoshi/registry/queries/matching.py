"""Which registered names occur in a free text."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from luoshi.infra import kept
from luoshi.registry.models import Alias, Area, AreaCode, Subject
from luoshi.registry.places import Hit, PlaceMatch, choose, tidy
from luoshi.registry.queries.lookup import living

Names = Mapping[str, Sequence[Hit]]
"""Every name of a district by its first two letters."""


def match_place(district: int, text: str) -> PlaceMatch:
    """The area and subject that a free text names by name, former name or alias.

    Names are looked up among the areas that have not ended and active subjects. A name that nobody
    registered matches nothing; that is no error. A text costs what its length costs, however many
    names there are.
    """
    return choose(_named(tidy(text), _names(district)))


@kept.by("registry_area", "registry_areacode", "registry_alias", "registry_subject")
def _names(district: int) -> Names:
    """Two queries."""
    areas = (
        Area.objects.filter(living(None), district=district).values_list("name", "pk", "parent"),
        AreaCode.objects.filter(living(None, "area__"), district=district, area__isnull=False)
        .values_list("name", "area", "area__parent"),
        Alias.objects.filter(living(None, "area__"), district=district, area__isnull=False)
        .values_list("text", "area", "area__parent"),
    )  # fmt: skip
    subjects = (
        Subject.objects.filter(district=district, active=True)
        .values_list("name", "area", "area__parent", "pk"),
        Alias.objects.filter(district=district, subject__active=True)
        .values_list("text", "subject__area", "subject__area__parent", "subject"),
    )  # fmt: skip
    names: dict[str, list[Hit]] = defaultdict(list)
    for name, area, street in areas[0].union(*areas[1:], all=True):
        names[name[:2]].append(Hit(name, area, street, None))
    for name, area, street, subject in subjects[0].union(*subjects[1:], all=True):
        names[name[:2]].append(Hit(name, area, street, subject))
    return dict(names)


def _named(text: str, names: Names) -> list[Hit]:
    """Each name that occurs in the text, once."""
    found = {
        id(hit): hit
        for at in range(len(text))
        for start in (text[at : at + 2], text[at : at + 1])
        for hit in names.get(start, ())
        if text.startswith(hit.text, at)
    }
    return list(found.values())
