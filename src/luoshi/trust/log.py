"""Leaves of the public log: commitments to what happened, which tell nothing by themselves.

A leaf is `luoshi/v1` and a line feed, then 32 bytes for each group of fields in the order of the
groups' names:

    SHA-256( "luoshi/v1/" name "\\n"  ‖  group nonce  ‖  RFC 8785 JSON of the group )
    group nonce = HMAC-SHA-256( nonce, name )

Each group has a nonce of its own, derived from the leaf's: whoever is shown one group can check
it and still cannot try out what the others say, however few answers are possible.
"""

import hmac
import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

import rfc8785

from luoshi.infra import direct
from luoshi.trust.errors import NotCanonical
from luoshi.trust.models import LogLeaf

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"
Groups: TypeAlias = Mapping[str, Mapping[str, JSON]]

HEADER = b"luoshi/v1\n"
NONCE_SIZE = 32
_HASH_SIZE = 32
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Leaf:
    nonce: bytes  # 32 bytes, kept beside the payload and as secret as it is
    canonical: bytes  # RFC 8785 JSON of {group: fields}, kept beside the payload
    leaf: bytes  # what goes into the log


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One group of a leaf, shown to somebody; the other groups stay closed."""

    group: str
    nonce: bytes  # this group's
    canonical: bytes  # RFC 8785 JSON of this group's fields


def commit(*, groups: Groups, nonce: bytes | None = None) -> Leaf:
    """The leaf for these groups of fields; the same for the same nonce, which is random if None.

    Ids of 63 bits go in as text, since JSON numbers end at 2^53. Raises NotCanonical, and
    ValueError for no group at all, a bad group name (a-z 0-9 _) or a nonce not of 32 bytes.
    """
    nonce = secrets.token_bytes(NONCE_SIZE) if nonce is None else nonce
    if len(nonce) != NONCE_SIZE or not groups or not all(map(_NAME.fullmatch, groups)):
        raise ValueError("a leaf takes 32 bytes of nonce and named groups")
    return _leaf(nonce, {name: _canonical(groups[name]) for name in sorted(groups)})


def commit_many(*, groups: Sequence[Groups]) -> list[Leaf]:
    """`commit` for each; a group that says the same in many is written out once."""
    known: dict[tuple[object, ...], bytes] = {}

    def written(name: str, fields: Mapping[str, JSON]) -> bytes:
        # With their types: 1 and True are equal, and are written in two ways.
        key = (name, *((field, type(said), said) for field, said in fields.items()))
        try:
            if key not in known:
                known[key] = _canonical(fields)
            return known[key]
        except TypeError:  # holds a list or fields of its own
            return _canonical(fields)

    return [
        _leaf(
            secrets.token_bytes(NONCE_SIZE),
            {name: written(name, one[name]) for name in sorted(one)},
        )
        for one in groups
    ]


def _leaf(nonce: bytes, canonical: Mapping[str, bytes]) -> Leaf:
    """`canonical` by name, in the order of the names."""
    leaf, inner = [HEADER], []
    for name, said in canonical.items():
        leaf.append(_commitment(name, _own(nonce, name), said))
        inner.append(b'"%s":%s' % (name.encode(), said))
    # Sorted names around canonical groups are the canonical whole.
    return Leaf(nonce, b"{%s}" % b",".join(inner), b"".join(leaf))


def _own(nonce: bytes, group: str) -> bytes:
    return hmac.digest(nonce, group.encode(), "sha256")


def disclose(*, groups: Groups, nonce: bytes, group: str) -> Disclosure:
    """What to hand to somebody who may see this group of the leaf and no other."""
    return Disclosure(group, _own(nonce, group), _canonical(groups[group]))


def is_in(disclosure: Disclosure, *, leaf: bytes) -> bool:
    """Does the leaf commit to what was disclosed?"""
    body = leaf.removeprefix(HEADER)
    parts = {body[at : at + _HASH_SIZE] for at in range(0, len(body), _HASH_SIZE)}
    shown = _commitment(disclosure.group, disclosure.nonce, disclosure.canonical)
    return leaf.startswith(HEADER) and shown in parts


def append(*, district: int, leaf: Leaf) -> int:
    """Put the leaf in the queue of the log, in the caller's transaction; its row id.

    It gets its index later, from the sequencer, in a table of its own: this row never changes.
    """
    row = LogLeaf(district_id=district, leaf=leaf.leaf)
    direct.insert(row)
    return row.pk


def leaves(ids: Iterable[int]) -> dict[int, bytes]:
    """The leaves of these row ids, for those who check that a payload is what was committed."""
    return {
        pk: bytes(leaf)
        for pk, leaf in LogLeaf.objects.filter(pk__in=set(ids)).values_list("pk", "leaf")
    }


def next_rows(*, after: int, limit: int) -> list[int]:
    """The next row ids in the queue of the log, for those who look for what belongs to them."""
    rows = LogLeaf.objects.filter(pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def _commitment(group: str, nonce: bytes, canonical: bytes) -> bytes:
    # The name ends with its line and the nonce has one size: no two inputs read the same.
    return sha256(b"luoshi/v1/%s\n%s%s" % (group.encode(), nonce, canonical)).digest()


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
)
_SAFE = 2**53
_BARE = frozenset({bool, type(None)})
_PLAIN = _BARE | {str}


def _canonical(value: JSON) -> bytes:
    """RFC 8785. What needs none of its rules for numbers and names goes the ten times faster way
    through the standard library, whose escapes are the same."""
    try:
        if _simple(value):
            return _ENCODER.encode(value).encode()
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeEncodeError) as error:
        raise NotCanonical(str(error)) from error


def _simple(value: JSON) -> bool:
    kind = type(value)
    if kind in _BARE or isinstance(value, str):
        return True
    if kind is int:
        return -_SAFE < value < _SAFE  # type: ignore[operator]
    if kind is dict:
        for name, inner in value.items():  # type: ignore[union-attr]
            if type(name) is not str or not name.isascii():
                return False
            # The two commonest are looked at here: a call for each would take half of the time.
            if type(inner) not in _PLAIN and not _simple(inner):
                return False
        return True
    return kind is list and all(map(_simple, value))  # type: ignore[arg-type]
