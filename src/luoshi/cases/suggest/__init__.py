"""Suggestions for whoever triages: category and owner, learned from the district's own cases.

`training` learns anew every night, `shelf` keeps the versions, `model` judges one text with
numpy alone, `words` tells which of its words decided. A suggestion never acts: somebody takes it.
"""

from luoshi.cases.suggest.asking import Said, Suggestion, suggest
from luoshi.cases.suggest.record import Tally, record, tally
from luoshi.cases.suggest.shelf import NEEDED, Standing, standing

__all__ = [
    "NEEDED",
    "Said",
    "Standing",
    "Suggestion",
    "Tally",
    "record",
    "standing",
    "suggest",
    "tally",
]
