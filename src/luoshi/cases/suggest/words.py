"""Which words of a text decided: the weights of its pieces, laid on its characters."""

from collections.abc import Iterable

MOST = 3
NEAR = 0.45
"""Of the heaviest character: what weighs less did not decide."""


def deciding(text: str, weights: Iterable[tuple[int, int, float]]) -> tuple[str, ...]:
    """Up to three stretches of the text, the heaviest first, each once."""
    heat = [0.0] * len(text)
    for start, length, weight in weights:
        for n in range(start, start + length):
            heat[n] += weight / length
    limit = NEAR * max(heat, default=0.0)
    if limit <= 0:
        return ()
    found: dict[str, float] = {}
    for start, end in _stretches(text, [one >= limit for one in heat]):
        words = text[start:end]
        found[words] = max(found.get(words, 0.0), sum(heat[start:end]))
    alone = {w: h for w, h in found.items() if not any(w in other for other in found if other != w)}
    return tuple(sorted(alone, key=lambda words: -alone[words])[:MOST])


def _stretches(text: str, hot: list[bool]) -> list[tuple[int, int]]:
    """Runs of two or more warm characters within one word."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for n in range(len(text) + 1):
        warm = n < len(text) and hot[n] and text[n].isalnum()
        if warm and start is None:
            start = n
        elif not warm and start is not None:
            if n - start > 1:
                runs.append((start, n))
            start = None
    return runs
