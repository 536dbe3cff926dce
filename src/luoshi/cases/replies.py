"""Whether a unit answers another case with the words of an earlier one.

Words that a unit used within a year are found by marks: MinHash values of the pairs of characters
that occur in them, in bands of three, under a key that lies outside the database. The words
themselves stay in the vault; the few that share a mark are read there and truly compared. A flag
for the verifier and no more: like jobs are honestly told in like words, and who must explain each
time would only shuffle them.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from random import Random

from rapidfuzz import fuzz

from luoshi.cases.models import Reply, ReplyMark
from luoshi.cases.store import Held
from luoshi.infra import ids
from luoshi.trust import vault

ALIKE = 90
"""Per cent of the characters, in their order, that must be the same (edits of two kinds only, in
and out). Of 30 characters three may be others."""
SHORTEST = 10
"""Characters: what is shorter is said by everybody ("已清理干净")."""
YEAR = timedelta(days=365)
MOST = 100
"""Earlier replies that are compared, the newest first."""

BANDS, ROWS = 12, 3
PRIME = 2**61 - 1
_chance = Random(20200402)  # noqa: S311 - the same mixing numbers for ever, no secret
MIXES = [(_chance.randrange(1, PRIME), _chance.randrange(PRIME)) for _ in range(BANDS * ROWS)]


def keep(held: Held, *, text: str, stored: int, now: datetime) -> None:
    """Remember the words of the claim that was just made, and which earlier ones they repeat.
    Four statements at most, two for words too short to compare."""
    unit, words = held.state.owner, plain(text)
    if unit is None or len(words) < SHORTEST:
        return
    values = marks(words)
    like, same = _nearest(held, unit, words, values, now)
    row = Reply.objects.create(
        id=ids.new_id(now=now),
        district_id=held.row.district_id,
        case=held.row,
        claim=held.state.claims,
        unit=unit,
        text=stored,
        like=like,
        same=same,
        at=now,
    )
    ReplyMark.objects.bulk_create(ReplyMark(reply=row, unit=unit, value=value) for value in values)


def plain(text: str) -> str:
    """Letters and digits, in one form: what is left when layout and punctuation go."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum())


def marks(words: str) -> list[int]:
    """One value a band; two texts share one the surer, the more pairs of characters they share:
    of 50 in 100 four times in five, of 70 in 100 nearly always."""
    pairs = vault.tags({words[n : n + 2] for n in range(len(words) - 1)})
    lowest = [min((a * pair + b) % PRIME for pair in pairs) for a, b in MIXES]
    return [_band(n, lowest[n * ROWS : (n + 1) * ROWS]) for n in range(BANDS)]


def _band(number: int, lowest: Sequence[int]) -> int:
    told = b"".join(value.to_bytes(8, "big") for value in (number, *lowest))
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "big", signed=True)


def _nearest(
    held: Held, unit: int, words: str, values: Iterable[int], now: datetime
) -> tuple[int | None, int]:
    """The reply of another case that is most the same, and by how many per cent."""
    rows = _candidates(held, unit, values, now)
    texts = vault.read_texts(row.text for row in rows) if rows else {}
    found = [(round(fuzz.ratio(words, plain(texts[row.text] or ""))), row.pk) for row in rows]
    same, best = max(found, default=(0, 0))
    return (best, same) if same >= ALIKE else (None, 0)


def _candidates(held: Held, unit: int, values: Iterable[int], now: datetime) -> list[Reply]:
    """Those of its own family left out: parts of one matter are told in the same words."""
    since = ids.earliest(now - YEAR)
    shared = ReplyMark.objects.filter(unit=unit, value__in=list(values), reply__gte=since)
    rows = Reply.objects.filter(pk__in=shared.values("reply")).select_related("case")
    near = {held.row.pk, held.row.parent} - {None}
    return [
        row
        for row in rows.order_by("-pk")[:MOST]
        if not near & {row.case_id, row.case.parent, row.case.merged_into}
    ]
