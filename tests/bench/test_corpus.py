"""Some scripts of the corpus, played; `make bench` plays them all."""

from datetime import datetime

import pytest

from bench.honesty import describe
from bench.honesty.run import Script, as_expected, attempt, by_the_book, honest, scripts
from tests import cast as casting

FALSE = {s["id"]: s for s in scripts("false")}
HONEST = {s["id"]: s for s in scripts("honest")}
SOME = (
    "notice-1", "words-2", "copy-7", "time-1", "place-5", "none-2", "same-3", "self-1", "word-7",
    "merge-5", "end-3", "stage-1",
)  # fmt: skip
SOME_HONEST = ("fits-10", "early-1", "view-2", "night-1", "way-2")


@pytest.mark.django_db
def test_attempts_to_close_on_paper_go_as_their_scripts_say(now: datetime) -> None:
    cast = casting.build()
    with by_the_book():
        came = {name: attempt(cast, FALSE[name], now) for name in SOME}
    assert {n: o for n, o in came.items() if not as_expected(FALSE[n], o)} == {}
    assert {outcome.came for outcome in came.values()} == set(describe.COLUMNS)


@pytest.mark.django_db
def test_honest_closures_pass(now: datetime) -> None:
    cast = casting.build()
    with by_the_book():
        came = {name: honest(cast, HONEST[name], now) for name in SOME_HONEST}
    assert {n: o for n, o in came.items() if o.refused or not o.closed} == {}
    assert [name for name, outcome in came.items() if outcome.asked] == ["early-1", "view-2"]


@pytest.mark.parametrize("corpus", [FALSE, HONEST], ids=["false", "honest"])
def test_the_corpus_is_large_and_no_script_is_there_twice(corpus: dict[str, Script]) -> None:
    assert len(corpus) >= 60
    assert len(corpus) == len(scripts("false" if corpus is FALSE else "honest"))


def test_no_script_expects_to_close_a_case_and_each_kind_is_told_on_the_page() -> None:
    assert {s["expected"] for s in FALSE.values()} == set(describe.COLUMNS)
    assert describe.PAGE.read_text(encoding="utf-8") == describe.page()
