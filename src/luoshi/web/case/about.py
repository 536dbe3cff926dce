"""One case before one person, and the lists that its forms choose from."""

from datetime import date, datetime
from functools import cached_property

from django.http import Http404, HttpRequest
from django.utils import timezone

from luoshi.cases import queries, suggest
from luoshi.cases.queries import AnswerInfo, CasePage, CategoryInfo, Entry, Line
from luoshi.cases.suggest import Suggestion
from luoshi.registry import queries as registry
from luoshi.registry.queries import AreaInfo, PersonInfo, PlaceMatch, SubjectInfo, UnitInfo
from luoshi.rules.state import State
from luoshi.web.staff import person_id


class About:
    """The page of a case for a person; each list is read when a form first asks for it."""

    def __init__(self, *, page: CasePage, person: int, now: datetime) -> None:
        self.page = page
        self.person = person
        self.now = now
        self._places: dict[int | None, tuple[SubjectInfo, ...]] = {}

    @property
    def case(self) -> int:
        return self.page.line.id

    @property
    def state(self) -> State:
        return self.page.line.state

    @property
    def district(self) -> int:
        return self.page.district

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def last(self, *kinds: str) -> Entry | None:
        """The latest event of one of these kinds."""
        return next((e for e in reversed(self.page.entries) if e.kind in kinds), None)

    @cached_property
    def words(self) -> str:
        """What was reported, as far as it may be read."""
        said = [report.text for report in self.page.reports if report.text]
        return "\n".join(said) or self.page.line.text

    @cached_property
    def categories(self) -> tuple[CategoryInfo, ...]:
        return queries.categories(self.district)

    def category(self, code: str) -> CategoryInfo | None:
        return next((c for c in self.categories if c.code == code), None)

    @cached_property
    def guess(self) -> str:
        """The category that the words speak of, or an empty text."""
        return queries.guess(self.categories, self.words)

    @cached_property
    def suggestion(self) -> Suggestion | None:
        """What earlier cases suggest; None for what is sealed, which nothing was learned from."""
        if self.state.sealed:
            return None
        return suggest.suggest(district=self.district, text=self.words)

    @cached_property
    def match(self) -> PlaceMatch:
        """The registered place that the words name."""
        return registry.match_place(self.district, self.words)

    @cached_property
    def areas(self) -> tuple[AreaInfo, ...]:
        return registry.areas(self.district)

    @cached_property
    def units(self) -> tuple[UnitInfo, ...]:
        return registry.handling_units(self.district)

    @cached_property
    def colleagues(self) -> tuple[PersonInfo, ...]:
        """Who can handle the case in the unit that answers for it."""
        owner = self.state.owner
        return registry.people_of_unit(owner, "handler", self.today) if owner else ()

    @cached_property
    def alike(self) -> tuple[Line, ...]:
        """Older open cases that may be about the same."""
        return queries.alike(self.page.line, district=self.district)

    @cached_property
    def deadlines(self) -> dict[str, datetime]:
        """For each urgency when the case would be due if it were assigned now."""
        return queries.deadlines_if_assigned(self.district, self.state, now=self.now)

    def answers(self, kind: str) -> tuple[AnswerInfo, ...]:
        return queries.answers(self.district, kind)

    def subject(self, id: int) -> SubjectInfo | None:
        """A subject of this district, None when it is none."""
        try:
            found = registry.subject(id)
        except registry.NotRegistered:
            return None
        known = {area.id for area in self.areas}
        return found if found.area is None or found.area in known else None

    def places(self, area: int | None) -> tuple[SubjectInfo, ...]:
        """Subjects of an area, or of the district; several forms choose from the same."""
        if area not in self._places:
            self._places[area] = registry.subjects(self.district, area=area)
        return self._places[area]

    def duty(
        self, *, category: str, area: int | None, subject: int | None
    ) -> tuple[int, int | None] | None:
        """The unit, and the person if one is named, that answers for such a case here."""
        return registry.duty_for(
            self.district, subject=subject, area=area, category=category, on=self.today
        )


def about(request: HttpRequest, case: int, *, now: datetime | None = None) -> About:
    """Raises Http404 when there is no such case or this person may not see it."""
    now = now or timezone.now()
    person = person_id(request)
    page = queries.case_page(case=case, person=person, now=now)
    if page is None:
        raise Http404
    return About(page=page, person=person, now=now)
