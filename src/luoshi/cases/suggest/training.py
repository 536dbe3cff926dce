"""Learning anew every night from the latest settled cases, in bounded pieces.

Two pieces for each district and target: first what the suggestions would be worth, measured on
cases that were not learned from, then the learning itself. A version counts from its last line on.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from luoshi.cases.models import Learned
from luoshi.cases.suggest import shelf
from luoshi.cases.suggest.examples import Example, examples
from luoshi.cases.suggest.grams import grams
from luoshi.cases.suggest.shelf import NEEDED, TARGETS
from luoshi.infra.chores import Piece
from luoshi.registry import queries as registry

if TYPE_CHECKING:
    from luoshi.cases.suggest.model import Model

SEED = 20200428
PRECISION = 0.9
"""Of what is suggested so much must have been right, on cases that were not learned from."""

FEWEST = 5
"""Cases of a class below which it is not learned."""

IN_DOCUMENTS = 3
"""Texts in which a piece must stand: what only one or two people wrote stays in no model."""

VOCABULARY = 30_000
FOLDS = 5
MANY = 2_000
"""Cases from which on one fifth is held out once, instead of every fifth in turn."""

STEPS = ("measure", "learn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """`threshold` is None where no margin reaches the precision: then nothing is ever said."""

    threshold: float | None
    held_out: int
    precision: float
    silent: float
    macro_f1: float


def train(cursor: int, *, now: datetime) -> Piece:
    """A chore of the night. `cursor`: district, target and step, counted through."""
    plan = [
        (one.id, target, step)
        for one in registry.districts()
        for target in TARGETS
        for step in STEPS
    ]
    if cursor < len(plan):
        district, target, step = plan[cursor]
        work = _measure if step == "measure" else _learn
        work(district=district, target=target, now=now)
    return Piece(cursor + 1 if cursor + 1 < len(plan) else None)


def usable(found: Sequence[Example]) -> list[Example]:
    """Without the classes that are too rare to learn."""
    often = Counter(one.label for one in found)
    return [one for one in found if often[one.label] >= FEWEST]


def _measure(*, district: int, target: str, now: datetime) -> None:
    found = usable(examples(district, target))
    classes = len({one.label for one in found})
    row = Learned(
        district_id=district, target=target, begun_at=now, examples=len(found), classes=classes
    )
    if len(found) < NEEDED or classes < 2:
        row.finished_at = now
    else:
        worth = measure(found)
        row.threshold, row.held_out = worth.threshold, worth.held_out
        row.precision, row.silent, row.macro_f1 = worth.precision, worth.silent, worth.macro_f1
    Learned.objects.filter(district_id=district, target=target, finished_at=None).delete()
    row.save(force_insert=True)


def _learn(*, district: int, target: str, now: datetime) -> None:
    rows = Learned.objects.filter(district_id=district, target=target, finished_at=None)
    row = rows.order_by("-pk").first()
    found = usable(examples(district, target)) if row else []
    if row and len(found) >= FEWEST and len({one.label for one in found}) > 1:
        row.file = shelf.put(learn([one.both for one in found], [o.label for o in found]).dump())
        row.finished_at = now
        row.save()
    shelf.prune(district=district, target=target, now=now)


def learn(texts: Sequence[str], labels: Sequence[str]) -> "Model":
    """The same texts in the same order give the same model."""
    # The web never learns, and a worker does so once a night.
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    from luoshi.cases.suggest.model import Model

    counted = TfidfVectorizer(
        analyzer=grams,
        min_df=IN_DOCUMENTS,
        max_features=VOCABULARY,
        sublinear_tf=True,
        dtype=np.float32,
    )
    matrix = counted.fit_transform(texts)
    machine = LinearSVC(class_weight="balanced", random_state=SEED, dual=True, tol=1e-3)
    machine.fit(matrix, labels)
    coef, intercept = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:  # one row stands for both
        coef, intercept = np.vstack([-coef, coef]), np.concatenate([-intercept, intercept])
    return Model(
        labels=[str(one) for one in machine.classes_],
        vocabulary=[str(one) for one in counted.get_feature_names_out()],
        idf=counted.idf_.astype(np.float32),
        coef=np.ascontiguousarray(coef, dtype=np.float32),
        intercept=intercept.astype(np.float32),
    )


def measure(found: Sequence[Example]) -> Worth:
    """Learned from some and judged on the others, by their words alone as they came in."""
    judged: list[tuple[float, str | None, str]] = []
    folds = _folds(found)
    for train_on, held_out in folds:
        model = learn([found[n].both for n in train_on], [found[n].label for n in train_on])
        for n in held_out:
            said = model.judge(found[n].words, threshold=float("-inf"))
            judged.append((said.margin, said.label, found[n].label))
    return worth(judged)


def _folds(found: Sequence[Example]) -> list[tuple[list[int], list[int]]]:
    from sklearn.model_selection import StratifiedKFold

    split = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    every = [(list(a), list(b)) for a, b in split.split(found, [one.label for one in found])]
    return every if len(found) < MANY else every[:1]


def worth(judged: Sequence[tuple[float, str | None, str]]) -> Worth:
    """From (margin, suggested or None, right): the lowest margin from which on the precision is
    high enough, and what is said then."""
    from sklearn.metrics import f1_score

    spoken = sorted((one for one in judged if one[1] is not None), key=lambda one: -one[0])
    right, said, threshold, precision = 0, 0, None, 0.0
    for n, (margin, label, truth) in enumerate(spoken, 1):
        right += label == truth
        # Level ones are said or kept silent together.
        last = n == len(spoken) or spoken[n][0] < margin
        if last and n >= FEWEST and right / n >= PRECISION:
            said, threshold, precision = n, margin, right / n
    truths = [truth for _margin, _label, truth in judged]
    guesses = [label or "" for _margin, label, _truth in judged]
    return Worth(
        threshold=threshold,
        held_out=len(judged),
        precision=precision,
        silent=1 - said / len(judged),
        macro_f1=float(
            f1_score(truths, guesses, labels=sorted(set(truths)), average="macro", zero_division=0)
        ),
    )
