"""Are two reports about the same problem? By place first, then by what both say.

People describe one problem in quite different words: of the pairs of characters that are neither
the place nor courtesy, two reports on one power cut share a tenth. So a few shared ones are enough
where the place is the same, and many are needed where it is unknown. The limits below were chosen
on invented paraphrases of ten problems at five places (tests/search/said.py), and tried on real
messages for false alarms; a test keeps both figures.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from luoshi.cases.search.tokens import pairs, plain

FILLER = frozenset(
    pair
    for word in (
        "请问 希望 有关 部门 领导 谢谢 尽快 解决 反映 我们 处理 情况 问题 没有 什么 为什么 "
        "一直 已经 现在 现象 严重 影响 投诉 举报 小区 居民 业主 物业 政府 多次 没人 不管 怎么 "
        "可以 这个 一个 他们 自己 你好 您好 尊敬 今天 昨天 目前 时候 时间 不能 进行 相关 要求 "
        "电话 附近 地点 位置 晚上 "
        "the and for this that with from has have are was were not you our please near very there "
        "been they when what who why how can could would since again still place"
    ).split()
    for pair in pairs(word)
)
"""What everybody writes about everything."""


class Where(StrEnum):
    """How the places of two reports lie to each other, as far as they are known."""

    SUBJECT = "subject"
    AREA = "area"
    UNKNOWN = "unknown"


LEAST: Mapping[tuple[Where, str], float] = {
    # (place, category: same | unknown | other): how much of the words must be shared
    (Where.SUBJECT, "same"): 0.03,
    (Where.SUBJECT, "unknown"): 0.08,
    (Where.SUBJECT, "other"): 0.25,
    (Where.AREA, "same"): 0.18,
    (Where.AREA, "unknown"): 0.25,
    (Where.AREA, "other"): 0.45,
    (Where.UNKNOWN, "same"): 0.5,
    (Where.UNKNOWN, "unknown"): 0.5,
    (Where.UNKNOWN, "other"): 0.6,
}
WORTH = {Where.SUBJECT: 0.5, Where.AREA: 0.25, Where.UNKNOWN: 0.0}
SHOWN = 3
"""Words in common that are named as a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known of a report or a case. `names`: of its place; they are no words about it.
    `sorted`: the desk has set the category; else it is a guess, and a guess rules nothing out."""

    text: str
    area: int | None = None
    subject: int | None = None
    category: str = ""
    names: tuple[str, ...] = ()
    sorted: bool = False
    telling: frozenset[str] = field(init=False, repr=False, compare=False, default=frozenset())

    def __post_init__(self) -> None:
        object.__setattr__(self, "telling", telling(self.text, self.names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Why two may be the same: `likeness` of the words from 0 to 1, and some that both have."""

    where: Where
    category: bool
    likeness: float
    shared: tuple[str, ...]

    @property
    def score(self) -> float:
        """For the order of what is shown."""
        return WORTH[self.where] + (0.2 if self.category else 0.0) + self.likeness


def telling(text: str, names: Iterable[str] = ()) -> frozenset[str]:
    """The tokens that say what is wrong: neither the name of the place nor what all write."""
    bare = plain(text)
    for name in names:
        bare = bare.replace(plain(name), " ")
    return frozenset(pairs(bare) - FILLER)


def fit(one: Told, other: Told) -> Fit | None:
    """How well they fit; None when not well enough, or when they lie in different places."""
    where = _where(one, other)
    if where is None:
        return None
    category = _category(one, other)
    likeness = alike(one.telling, other.telling)
    if likeness < LEAST[where, category]:
        return None
    shared = in_common(one, other)
    return Fit(where=where, category=category == "same", likeness=likeness, shared=shared)


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of common tokens; a long text counts at most twice as much as a short one."""
    if not one or not other:
        return 0.0
    size = min(len(one), 2 * len(other)) + min(len(other), 2 * len(one))
    return min(2 * len(one & other) / size, 1.0)


def in_common(one: Told, other: Told) -> tuple[str, ...]:
    """The longest words of the first text that both have, in its order."""
    both = one.telling & other.telling
    text, runs, at = plain(one.text), list[str](), 0
    while at < len(text) - 1:
        end = at
        while text[end : end + 2] in both:
            end += 1
        if end > at:
            runs.append(text[at : end + 1])
        at = max(end, at + 1)
    runs += [token for token in both if token.isascii() and token not in runs]
    longest = sorted(dict.fromkeys(runs), key=len, reverse=True)[:SHOWN]
    return tuple(run for run in dict.fromkeys(runs) if run in longest)


def _where(one: Told, other: Told) -> Where | None:
    """None: in different places, so it cannot be the same."""
    if one.subject and other.subject:
        return Where.SUBJECT if one.subject == other.subject else None
    if one.area and other.area:
        # A street and one of its communities may be the same place: nobody knows.
        return Where.AREA if one.area == other.area else Where.UNKNOWN
    return Where.UNKNOWN


def _category(one: Told, other: Told) -> str:
    if one.category and one.category == other.category:
        return "same"
    told_apart = one.category and other.category and one.sorted and other.sorted
    return "other" if told_apart else "unknown"
