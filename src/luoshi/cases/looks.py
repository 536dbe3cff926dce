"""Which pictures look nearly like an earlier one, fast among a million.

The look of a picture is two hashes of 64 bits (`infra.pictures`). The first is cut into four bands
of 16 bits, an indexed column each: of at most 7 differing bits one band has at most one, so the
band's value and its 16 neighbours find every such picture. The true distances are told in Python.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from luoshi.cases.models import Picture
from luoshi.infra.pictures import distance

NEAR = 7
"""Most bits of `dhash` in which a copy differs: the most that four bands are sure to find.

Measured on drawn scenes: saved again down to quality 30, scaled to a quarter, as PNG, in grey,
with more contrast or a stamp 0 to 6 bits; brightened by a fifth 0 to 9; cut by 1% at each side 0
to 8, by 2% 0 to 10, by 5% a third is found. Taken anew by hand, a little turned, it is another
picture, as it should be."""

NEAR_DOWN = 10
"""Most bits of `dhash_down`. `dhash` alone takes one of 7,000 pairs of other scenes for a copy
(wide sky, light from one side), both together one of 110,000; copies lose nothing by it."""

NEAR_TURNED = 3
"""Most bits of either hash for a mirrored or turned copy: of 3 differing bits one of four bands has
none, so that four more looks cost four values a band and not sixty-eight. A copy that is mirrored
and saved anew differs in 0 to 3 bits; one that is cut as well is not found.

Nor is what is cut by more than 3% at each side ("make bench" counts how many are). A second hash
over the middle or over tiles would find only who cuts just there, to a hundredth of the side."""

BANDS = tuple(
    tuple(
        row * 8 + column for row in range(8) for column in range(8) if (column + 2 * row) % 4 == n
    )
    for n in range(4)
)
"""The bits of each band, taken along diagonals: neighbours in a row are mostly alike, and a band
of them would hold few values, each with a great part of all pictures behind it."""


class Look(Protocol):
    @property
    def dhash(self) -> int: ...

    @property
    def dhash_down(self) -> int: ...

    @property
    def turned(self) -> tuple[tuple[int, int], ...]: ...


class _Seen(NamedTuple):
    dhash: int
    dhash_down: int
    id: int


def bands(dhash: int) -> tuple[int, int, int, int]:
    """The four values of 16 bits under which a picture is found."""
    one, two, three, four = (
        sum((dhash >> bit & 1) << place for place, bit in enumerate(bits)) for bits in BANDS
    )
    return one, two, three, four


def look_alikes(district: int, ready: Sequence[Look]) -> dict[int, int]:
    """For the pictures that look like an earlier one of the district, by their place in `ready`,
    the id of the nearest. One query, however many pictures there are."""
    seen = _candidates(district, ready) if ready else frozenset[_Seen]()
    found = {place: _nearest(look, seen) for place, look in enumerate(ready)}
    return {place: id for place, id in found.items() if id is not None}


def _candidates(district: int, ready: Sequence[Look]) -> frozenset[_Seen]:
    """Each part of the union reads one index and nothing else."""
    first, *others = (
        Picture.objects.filter(district_id=district, **{f"band{n}__in": values}).values_list(
            "dhash", "dhash_down", "id"
        )
        for n, values in enumerate(_probes(ready))
    )
    return frozenset(
        _Seen(dhash, down, id)
        for dhash, down, id in first.union(*others, all=True)
        if dhash is not None and down is not None  # of erased ones nothing is left to find
    )


def _probes(ready: Iterable[Look]) -> list[list[int]]:
    """For each band every value that one of the pictures has there, and its neighbours."""
    probes: list[set[int]] = [set(), set(), set(), set()]
    for look in ready:
        for values, band in zip(probes, bands(look.dhash), strict=True):
            values |= {band, *(band ^ 1 << bit for bit in range(16))}
        for dhash, _ in look.turned:
            for values, band in zip(probes, bands(dhash), strict=True):
                values.add(band)
    return [sorted(values) for values in probes]


def _nearest(look: Look, seen: Iterable[_Seen]) -> int | None:
    near = [(bits, one.id) for one in seen if (bits := apart(look, one)) is not None]
    return min(near)[1] if near else None


def apart(look: Look, one: "_Seen | Look") -> int | None:
    """In how many bits they differ; None when they are no copies of each other."""
    straight = distance(look.dhash, one.dhash)
    if straight <= NEAR and distance(look.dhash_down, one.dhash_down) <= NEAR_DOWN:
        return straight
    turned = [
        distance(dhash, one.dhash)
        for dhash, down in look.turned
        if distance(dhash, one.dhash) <= NEAR_TURNED
        and distance(down, one.dhash_down) <= NEAR_TURNED
    ]
    return min(turned, default=None)
