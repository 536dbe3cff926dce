"""What speaks against a claim: whoever verifies it is told, and looks there first."""

from collections.abc import Iterator

from luoshi.cases.hollow import hollow
from luoshi.cases.queries.catalogue import category
from luoshi.cases.queries.one import CasePage, Entry, PictureInfo


def doubts(page: CasePage) -> tuple[str, ...]:
    """Codes of what speaks against the claim that stands, each once:

    look_alike, before, ahead, far, outside: a picture of it looks like an earlier one, was taken
    before it could show the result, after now, far from the place, outside of the district;
    same_words: nearly the reply on another case; notice, promise: all that its words name;
    no_picture: its category asks for one, and another outcome than fixed needs none.
    One query where no picture came.
    """
    claim = standing(page)
    if claim is None:
        return ()
    shown = set(claim.data.get("pictures", ()))
    found = [code for p in page.pictures if p.id in shown for code in _of_picture(p)]
    if not shown and _wants_picture(page):
        found.append("no_picture")
    if page.repeat:
        found.append("same_words")
    if claim.data.get("outcome") == "fixed" and (empty := hollow(claim.text or "")):
        found.append(empty)
    return tuple(dict.fromkeys(found))


def _wants_picture(page: CasePage) -> bool:
    known = category(page.district, page.line.state.category)
    return known is not None and known.picture_needed


def standing(page: CasePage) -> Entry | None:
    """The claim that was made last."""
    made = [entry for entry in page.entries if entry.kind == "claimed"]
    return made[-1] if made else None


def _of_picture(picture: PictureInfo) -> Iterator[str]:
    if picture.like:
        yield "look_alike"
    own = picture.own
    if own and own.time in {"before", "ahead"}:
        yield own.time
    if own and own.place in {"far", "outside"}:
        yield own.place
