import pytest, time
from tests.cases.walk import Walk
from tests.cases.test_integrity import found, on_paper, unheard
from luoshi.cases.models import Case, CaseEvent
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_it(cast, now, settings, seed):
    settings.SAMPLE_PERCENT, settings.RAISED_PERCENT = 50, 30
    t=time.time()
    walk=Walk(cast, seed=100+seed, start=now)
    walk.steps(400)
    print(seed, round(time.time()-t,1), dict(walk.done), dict(walk.refused), Case.objects.count(), CaseEvent.objects.count())
    print("closed", {k:Case.objects.filter(status="closed",resolution=k).count() for k in ("fixed","answered","unfounded","declined","merged","unsolved","unverified")})
    h={row.pk: list(CaseEvent.objects.filter(case=row).order_by("seq")) for row in Case.objects.all()}
    bad=[w for c in h for w in on_paper(c,h,cast)]
    bad+=found()
    bad+=[f"unheard {row.pk} {list(unheard(row))}" for row in Case.objects.filter(status="closed",verdict="solved") if list(unheard(row))]
    print("BAD",bad)
    assert not bad
