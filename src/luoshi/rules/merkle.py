"""The two hashes of a Merkle tree as RFC 6962 section 2.1 defines them.

The first byte keeps leaves and nodes apart, so that no node can be passed off as a leaf.
"""

from hashlib import sha256


def leaf_hash(data: bytes) -> bytes:
    """32 bytes: SHA-256 over 0x00 and the leaf."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """32 bytes: SHA-256 over 0x01 and the hashes of both children, 32 bytes each."""
    return sha256(b"\x01" + left + right).digest()
