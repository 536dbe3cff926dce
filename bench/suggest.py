"""What suggestions are worth on texts that they were not learned from, and what they cost.

The references are measured in the same run on the same folds: always the commonest class, and the
class of the nearest known text. The messages are looked for beside the project, in
`shared/data/messages.xlsx` or in the file named by LUOSHI_MESSAGES; without them their rows are
left out. The demo's texts are made from patterns, so that each pattern is judged by what was
learned from others.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from django.db import connection
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier

from bench.rows import Row
from demo import texts
from luoshi.cases.suggest import training
from luoshi.cases.suggest.examples import MOST, Example
from luoshi.cases.suggest.grams import grams
from luoshi.cases.suggest.words import deciding

MESSAGES = Path(__file__).resolve().parents[2] / "shared" / "data" / "messages.xlsx"
MOST_MS = 10.0
MOST_SECONDS = 60.0
PRECISION = 0.85
"""Asked of folds that had no part in choosing the threshold, which was chosen for 0.9."""

PLACES = [
    f"{a}{b}" for a in ("新桥", "杏坡", "松影", "兰渚", "学田") for b in ("花苑", "新村", "家园")
]


@dataclass
class Outcome:
    """Of one set of texts: (right, guessed, suggested or "", majority, nearest) for each."""

    rows: list[tuple[str, str, str, str, str]]
    milliseconds: float

    def f1(self, column: int) -> float:
        truths = [row[0] for row in self.rows]
        guesses = [row[column] for row in self.rows]
        kinds = sorted(set(truths))  # what was not guessed at all is no class of its own
        return float(f1_score(truths, guesses, labels=kinds, average="macro", zero_division=0))

    @property
    def silent(self) -> float:
        return sum(not row[2] for row in self.rows) / len(self.rows)

    @property
    def precision(self) -> float:
        said = [row for row in self.rows if row[2]]
        return sum(row[0] == row[2] for row in said) / len(said) if said else 1.0


def measure(say: Callable[[str], None]) -> list[Row]:
    say("suggestions")
    rows = _rows("demo texts, each pattern unseen", _demo(), asked=False)
    found = _messages()
    if found:
        say(f"{len(found)} messages in five folds")
        rows += _rows(f"{len(found)} messages, 5-fold", _crossed(found), asked=True)
    else:
        say("no file of messages: their rows are left out")
    return rows + _night(say)


def _rows(what: str, outcome: Outcome, *, asked: bool) -> list[Row]:
    """`asked`: whether goals are set; a pattern nobody has seen may well stay undecided."""

    def row(name: str, value: float, unit: str, **more: object) -> Row:
        kind = {"name": f"{what}: {name}", "database": connection.vendor, "value": value}
        return Row(**kind, unit=unit, **more)  # type: ignore[arg-type]

    nearest = outcome.f1(4)
    return [
        row("macro-F1 (reference: majority)", outcome.f1(1), "F1", reference=outcome.f1(3)),
        row(
            "macro-F1 (reference: nearest neighbour)", outcome.f1(1), "F1", reference=nearest,
            goal="above it" if asked else "", holds=outcome.f1(1) > nearest if asked else None,
        ),
        row("left undecided", outcome.silent, "share"),
        row(
            "right among those suggested", outcome.precision, "share", reference=0.9,
            goal=f"at least {PRECISION:g}" if asked else "",
            holds=outcome.precision >= PRECISION if asked and outcome.silent < 1 else None,
        ),
        row(
            "one suggestion with its words (CPU)", outcome.milliseconds, "ms",
            goal=f"at most {MOST_MS:g} ms", holds=outcome.milliseconds <= MOST_MS,
        ),
    ]  # fmt: skip


def _messages() -> list[Example]:
    path = Path(os.environ.get("LUOSHI_MESSAGES", MESSAGES))
    if not path.exists():
        return []
    sheet = openpyxl.load_workbook(path, read_only=True).active
    lines = list(sheet.iter_rows(values_only=True))[1:]
    return [Example(f"{line[2]}\n{line[4]}".strip(), "", str(line[5])) for line in lines]


def _crossed(found: Sequence[Example]) -> Outcome:
    rows, spent = [], 0.0
    folds = StratifiedKFold(5, shuffle=True, random_state=1)
    for known, unseen in folds.split(found, [one.label for one in found]):
        one = _judged([found[n] for n in known], [found[n] for n in unseen])
        rows += one.rows
        spent += one.milliseconds / 5
    return Outcome(rows, spent)


def _demo() -> Outcome:
    """The first patterns known, the second unseen, and the other way round."""
    two = {code: said for code, said in texts.REPORTS.items() if len(said) == 2}
    sides = [
        [
            Example(said[n].format(place=place), "", code)
            for code, said in two.items()
            for place in PLACES
        ]
        for n in (0, 1)
    ]
    one, other = _judged(sides[0], sides[1]), _judged(sides[1], sides[0])
    return Outcome(one.rows + other.rows, (one.milliseconds + other.milliseconds) / 2)


def _judged(known: Sequence[Example], unseen: Sequence[Example]) -> Outcome:
    """The threshold is chosen among the known alone."""
    labels = [one.label for one in known]
    threshold = training.measure(known).threshold
    model = training.learn([one.both for one in known], labels)
    limit = float("inf") if threshold is None else threshold
    started = time.process_time()
    said = [model.judge(one.words, threshold=limit) for one in unseen]
    for one, judged in zip(unseen, said, strict=True):
        deciding(one.words, judged.weights)
    spent = (time.process_time() - started) * 1000 / len(unseen)
    guessed = [model.judge(one.words, threshold=float("-inf")).label or "" for one in unseen]
    commonest = Counter(labels).most_common(1)[0][0]
    near = _nearest(known, unseen)
    return Outcome(
        [
            (one.label, guess, judged.label or "", commonest, neighbour)
            for one, guess, judged, neighbour in zip(unseen, guessed, said, near, strict=True)
        ],
        spent,
    )


def _nearest(known: Sequence[Example], unseen: Sequence[Example]) -> list[str]:
    counted = TfidfVectorizer(analyzer=grams, min_df=3, sublinear_tf=True)
    matrix = counted.fit_transform([one.words for one in known])
    neighbour = KNeighborsClassifier(1, metric="cosine").fit(matrix, [one.label for one in known])
    return [str(one) for one in neighbour.predict(counted.transform([one.words for one in unseen]))]


def _night(say: Callable[[str], None]) -> list[Row]:
    """As many cases as are ever learned from, of forty classes, each text a little its own."""
    count, classes = MOST, 40
    say(f"learning from {count:,} cases")
    draw = random.Random(1)
    letters = [chr(n) for n in range(0x4E00, 0x4E00 + 2_500)]
    stems = [["".join(draw.choices(letters, k=6)) for _ in range(40)] for _ in range(classes)]
    said, labels = [], []
    for n in range(count):
        words = draw.choices(stems[n % classes], k=8) + draw.choices(
            stems[draw.randrange(classes)], k=4
        )
        said.append("，".join(words) + "".join(draw.choices(letters, k=6)))
        labels.append(str(n % classes))
    started = time.process_time()
    model = training.learn(said, labels)
    seconds = time.process_time() - started
    return [
        Row(
            name=f"learning from {count:,} cases of {classes} classes, the longest piece (CPU)",
            database=connection.vendor,
            value=seconds,
            unit="s",
            goal=f"at most {MOST_SECONDS:g} s",
            holds=seconds <= MOST_SECONDS,
        ),
        Row(
            name=f"size of a version of {classes} classes on disk",
            database=connection.vendor,
            value=len(model.dump()) / 1e6,
            unit="MB",
        ),
    ]
