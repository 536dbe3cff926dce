"""What was learned, as numbers: weights of pieces for each class. Judging needs numpy alone.

In a file there are arrays and JSON, never a pickle: reading one runs nothing.
"""

import io
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.cases.suggest.grams import places

Numbers = NDArray[np.float32]

SHORT = 4
"""Characters of words below which a text says too little."""

NEAREST = 5

STRANGE = 0.2
"""Share of pairs of characters that must be known. Measured on 330 messages that were not learned
from: 1 in 200 falls below it; other languages and nonsense have fewer than 0.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`label` is None where nothing is said; `why`: short | strange | unsure. `margin`: how far
    the first class lies before the second. `nearest`: classes, the nearest first. `weights`: what
    each piece of the text spoke for the first and against the second, with where it begins."""

    label: str | None
    why: str = ""
    margin: float = 0.0
    nearest: tuple[str, ...] = ()
    weights: tuple[tuple[int, int, float], ...] = ()  # start, length, weight


@dataclass(frozen=True, kw_only=True)
class Model:
    """`coef` has a row for each of `labels` and a column for each of `vocabulary`."""

    labels: Sequence[str]
    vocabulary: Sequence[str]
    idf: Numbers
    coef: Numbers
    intercept: Numbers

    @cached_property
    def index(self) -> Mapping[str, int]:
        return {piece: n for n, piece in enumerate(self.vocabulary)}

    def judge(self, text: str, *, threshold: float) -> Judged:
        """One text; below the threshold it does not know."""
        found = places(text)
        if sum(len(piece) == 1 for _start, piece in found) < SHORT:
            return Judged(label=None, why="short")
        pairs = [piece for _start, piece in found if len(piece) == 2]
        if sum(piece in self.index for piece in pairs) < STRANGE * len(pairs):
            return Judged(label=None, why="strange")
        counts = Counter(n for _start, piece in found if (n := self.index.get(piece)) is not None)
        columns = np.fromiter(counts, dtype=np.intp)
        values = self._values(counts, columns)
        scores = self.coef[:, columns] @ values + self.intercept
        order = np.argsort(-scores, kind="stable")
        first, second = order[:2]
        nearest = tuple(self.labels[n] for n in order[:NEAREST])
        margin = float(scores[first] - scores[second])
        if margin < threshold:
            return Judged(label=None, why="unsure", margin=margin, nearest=nearest)
        spoke = (self.coef[first, columns] - self.coef[second, columns]) * values
        each = {int(c): float(w) / counts[int(c)] for c, w in zip(columns, spoke, strict=True)}
        weights = tuple(
            (start, len(piece), each[n])
            for start, piece in found
            if (n := self.index.get(piece)) is not None
        )
        return Judged(label=self.labels[first], margin=margin, nearest=nearest, weights=weights)

    def _values(self, counts: Counter[int], columns: NDArray[np.intp]) -> Numbers:
        """As it was learned: 1 + log of the count, times the rarity, to length one."""
        often = np.array([1 + math.log(counts[int(n)]) for n in columns], dtype=np.float32)
        values: Numbers = often * self.idf[columns]
        length = float(np.linalg.norm(values))
        return values / length if length else values

    def dump(self) -> bytes:
        """The same model gives the same bytes."""
        words = {"labels": list(self.labels), "vocabulary": list(self.vocabulary)}
        out = io.BytesIO()
        np.savez_compressed(
            out,
            words=np.frombuffer(json.dumps(words, ensure_ascii=False).encode(), dtype=np.uint8),
            idf=self.idf,
            coef=self.coef,
            intercept=self.intercept,
        )
        return out.getvalue()


def load(data: bytes) -> Model:
    """Raises ValueError for what is no model."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        words: dict[str, Any] = json.loads(file["words"].tobytes())
        return Model(
            labels=words["labels"],
            vocabulary=words["vocabulary"],
            idf=file["idf"],
            coef=file["coef"],
            intercept=file["intercept"],
        )
