"""The unified social credit code of enterprises and institutions (GB 32100-2015).

18 characters: who registered it and as what (2), the administrative area (6 digits), the
organisation (9), and a check character. The letters I, O, S, V and Z are never used.
"""

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters in the order of their values, 0 to 30 (table 2 of the standard)."""

SHAPE = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
VALUES = {character: value for value, character in enumerate(ALPHABET)}


def uscc_ok(code: str) -> bool:
    """Whether `code` (18 capitals and digits, no spaces) has the right shape and check character.

    The weights are powers of 3 modulo 31. Since 31 is a prime, no single wrong character passes.
    Whether such an organisation exists is not asked. The inner check digit of the organisation's
    part (GB 11714) is left alone: old registrations exist that lack it.
    """
    if not SHAPE.fullmatch(code):
        return False
    return sum(VALUES[c] * pow(3, place, 31) for place, c in enumerate(code[:-1])) % 31 == (
        -VALUES[code[-1]] % 31
    )
