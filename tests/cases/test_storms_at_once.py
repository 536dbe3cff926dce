"""Two people at the desk merge the same cases at the same moment."""

from datetime import datetime, timedelta

import pytest

from luoshi.cases import storms
from luoshi.cases.models import Case
from tests.cases.racing import kinds, race
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_case_is_merged_once_and_the_other_is_told(cast: Cast, now: datetime) -> None:
    at = [now + n * timedelta(minutes=1) for n in range(6)]
    one, two, *others = (cast.report(moment, text="停电").case for moment in at)

    def merge(who: str, target: int) -> tuple[storms.Outcome, ...]:
        return storms.merge_all(cases=others, target=target, actor=cast.actor(who), now=at[-1])

    got = race(lambda: merge("desk1", one), lambda: merge("desk2", two))
    for case in others:
        outcomes = sorted(o.refused for done in got for o in done if o.case == case)
        assert outcomes == ["", "wrong_status"]
        assert kinds(case) == ["received", "merged", "closed"]
    taken = {target: Case.objects.filter(merged_into=target).count() for target in (one, two)}
    assert sum(taken.values()) == 4
    assert {t: Case.objects.get(pk=t).reports for t in taken} == {
        t: 1 + n for t, n in taken.items()
    }
