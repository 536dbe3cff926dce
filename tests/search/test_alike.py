"""What counts as the same problem: the two figures that the limits were chosen by are kept."""

from itertools import combinations

from luoshi.cases.search.alike import Told, Where, fit, in_common
from tests.search.said import PLACES, SAID

Item = tuple[str, str, Told]


def items(*, sorted_by_desk: bool) -> list[Item]:
    """Every paraphrase at every place, as (problem, place, what is known of it)."""
    return [
        (
            problem,
            place,
            Told(
                text=text.format(place=place),
                subject=n,
                category=category if sorted_by_desk else "",
                names=(place,),
                sorted=sorted_by_desk,
            ),
        )
        for problem, (category, texts) in SAID.items()
        for text in texts
        for n, place in enumerate(PLACES, 1)
    ]


def shares(found: list[Item]) -> tuple[float, float]:
    """Of pairs about one problem at one place the share that fits, and of pairs about different
    problems at one place the share that fits all the same."""
    same, other = [], []
    for (one, here, a), (two, there, b) in combinations(found, 2):
        if here == there and a.text != b.text:
            (same if one == two else other).append(fit(a, b) is not None)
    return sum(same) / len(same), sum(other) / len(other)


def test_where_the_desk_has_sorted_both_most_are_found_and_hardly_any_other() -> None:
    found, wrong = shares(items(sorted_by_desk=True))
    assert found >= 0.8
    assert wrong <= 0.01


def test_with_no_category_most_are_found_and_few_others() -> None:
    found, wrong = shares(items(sorted_by_desk=False))
    assert found >= 0.7
    assert wrong <= 0.03


def test_different_places_are_never_the_same_problem() -> None:
    text = "小区停电了，什么时候来电"
    assert fit(Told(text=text, subject=1), Told(text=text, subject=2)) is None
    assert fit(Told(text=text, subject=1), Told(text=text, subject=1)) is not None


def test_with_no_place_only_nearly_the_same_words_fit() -> None:
    one = Told(text="长江路口红绿灯坏了，车流很乱")
    assert fit(one, Told(text="长江路口的红绿灯坏了，车流乱")) is not None
    assert fit(one, Told(text="学田路的红绿灯坏了，没人修")) is None


def test_a_fit_says_why_in_the_words_that_both_have() -> None:
    one = Told(text="三号楼停电，电梯也停了", subject=1, category="outage")
    two = Told(text="整栋都停电，电梯不能用", subject=1, category="outage")
    good = fit(one, two)
    assert good is not None
    assert (good.where, good.category) == (Where.SUBJECT, True)
    assert good.shared == ("停电", "电梯")
    english = in_common(Told(text="The lift is broken"), Told(text="broken lift!"))
    assert set(english) == {"lift", "broken"}


def test_courtesy_and_the_name_of_the_place_are_no_likeness() -> None:
    one = Told(text="示范新村请问有关部门什么时候处理", area=1, names=("示范新村",))
    two = Told(text="示范新村希望有关部门尽快处理", area=1, names=("示范新村",))
    assert fit(one, two) is None
