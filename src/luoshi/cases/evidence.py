"""Pictures of a case: rebuilt without metadata, the original sealed, the same one never twice.

`prepare` does the heavy work before the transaction: decoding, sealing, writing files. Files whose
transaction then fails stay behind unused; that is harmless, since they are named by their content.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from luoshi.cases import taken
from luoshi.cases.looks import bands
from luoshi.cases.models import Case, Picture
from luoshi.cases.taken import Own
from luoshi.infra import files, ids, pictures
from luoshi.infra.exif import Taken
from luoshi.rules.state import Refused, Seat
from luoshi.trust import vault

MOST_PICTURES = 9
"""In one message, as everybody is used to from messengers."""

NOTHING_ALIKE: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture on disk, not yet belonging to a case."""

    copy: str
    thumb: str
    original: str
    original_hash: bytes
    pixel_hash: bytes
    dhash: int
    dhash_down: int
    width: int
    height: int
    kind: str
    turned: tuple[tuple[int, int], ...]
    flat: bool
    taken: Taken  # forgotten once it was held against the case


def prepare(uploads: Sequence[bytes]) -> list[Prepared]:
    """Rebuild and store what came in. Raises Refused too_many_pictures, same_picture_twice,
    PictureRefused (with its code) and StorageFull."""
    if len(uploads) > MOST_PICTURES:
        raise Refused("too_many_pictures", most=MOST_PICTURES)
    ready = [_prepare(data) for data in uploads]
    if len({picture.pixel_hash for picture in ready}) < len(ready):
        raise Refused("same_picture_twice")
    return ready


def _prepare(data: bytes) -> Prepared:
    rebuilt = pictures.rebuild(data)
    return Prepared(
        copy=files.put(rebuilt.data),
        thumb=files.put(rebuilt.small),
        original=files.put(vault.seal_bytes(data)),
        original_hash=hashlib.sha256(data).digest(),
        pixel_hash=bytes.fromhex(rebuilt.pixel_sha256),
        dhash=rebuilt.dhash,
        dhash_down=rebuilt.dhash_down,
        width=rebuilt.width,
        height=rebuilt.height,
        kind=rebuilt.media_type,
        turned=rebuilt.turned,
        flat=rebuilt.flat,
        taken=pictures.read_taken(data),
    )


def used_before(district: int, ready: Sequence[Prepared]) -> bool:
    """Whether one of these pictures, or its very pixels, already belongs to any case."""
    pixels = [picture.pixel_hash for picture in ready]
    originals = [picture.original_hash for picture in ready]
    known = Picture.objects.filter(district_id=district)
    return bool(ready) and (
        known.filter(pixel_hash__in=pixels).exists()
        or known.filter(original_hash__in=originals).exists()
    )


def doubted(alike: Mapping[int, int], own: Sequence[Own]) -> list[int]:
    """The places of the pictures against which something speaks."""
    return sorted({*alike, *(place for place, one in enumerate(own) if one.doubtful)})


def doubt(alike: Mapping[int, int], own: Sequence[Own]) -> str | None:
    """What about the pictures asks for an explanation, as the rules name it."""
    if alike:
        return "look_alike_unexplained"
    return "time_or_place_unexplained" if doubted(alike, own) else None


def attach(
    case: Case,
    ready: Sequence[Prepared],
    *,
    purpose: str,
    seat: Seat,
    report: int | None,
    now: datetime,
    alike: Mapping[int, int] = NOTHING_ALIKE,
    own: Sequence[Own] = (),
    explanation: int | None = None,
) -> list[int]:
    """Make the pictures part of the case; their ids, in order. `alike` is from `look_alikes`, `own`
    from `own_of` where they are judged, and `explanation` the text that says why."""
    asked = doubted(alike, own)
    rows = [
        Picture(
            id=ids.new_id(now=now),
            district_id=case.district_id,
            case=case,
            report=report,
            purpose=purpose,
            seat=seat,
            at=now,
            copy=p.copy,
            thumb=p.thumb,
            kind=p.kind,
            width=p.width,
            height=p.height,
            original=p.original,
            original_hash=p.original_hash,
            pixel_hash=p.pixel_hash,
            dhash=p.dhash,
            dhash_down=p.dhash_down,
            **_banded(p.dhash),
            like=alike.get(place),
            own=taken.as_json(own[place]) if own else {},
            explanation=explanation if place in asked else None,
        )
        for place, p in enumerate(ready)
    ]
    Picture.objects.bulk_create(rows)
    return [row.pk for row in rows]


def _banded(dhash: int) -> dict[str, int]:
    return {f"band{n}": band for n, band in enumerate(bands(dhash))}
