"""A QR code as inline SVG: no image file, no inline style, prints sharp."""

import segno
from markupsafe import Markup


def svg(text: str) -> Markup:
    """`text` (an address, at most about 1,200 characters) as an <svg> element."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(scale=4, border=2, omitsize=True, dark="#000", light="#fff")
    return Markup(drawn)  # noqa: S704 (drawn by segno: paths only, the text is not in it)
