"""What is suggested for one text. Nothing follows from it by itself."""

from dataclasses import dataclass

from luoshi.cases.suggest import shelf, words
from luoshi.cases.suggest.shelf import NEEDED, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`value`: the code of a category or the id of a unit, "" where nothing is said; `why` then:
    none (nothing learned yet) | few (cases, of `needed`) | vague (never sure enough) | short |
    strange | unsure. `words` of the text decided it; `nearest`: values to choose from quickly, also
    where it is unsure."""

    value: str = ""
    why: str = ""
    margin: float = 0.0
    words: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    version: int | None = None
    examples: int = 0
    needed: int = NEEDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    category: Said
    owner: Said

    @property
    def says(self) -> bool:
        return bool(self.category.value or self.owner.value)


def suggest(*, district: int, text: str) -> Suggestion:
    """For a report that has just come in; two queries, and some milliseconds."""
    known = shelf.standing(district)
    return Suggestion(
        category=_say(known.get("category"), text), owner=_say(known.get("owner"), text)
    )


def _say(known: Standing | None, text: str) -> Said:
    if known is None:
        return Said(why="none")
    if not known.enough:
        return Said(why="few", version=known.version, examples=known.examples)
    model = shelf.model(known.file)
    if model is None or known.threshold is None:
        why = "none" if model is None else "vague"
        return Said(why=why, version=known.version, examples=known.examples)
    judged = model.judge(text, threshold=known.threshold)
    return Said(
        value=judged.label or "",
        why=judged.why,
        margin=judged.margin,
        words=words.deciding(text, judged.weights),
        nearest=judged.nearest,
        version=known.version,
        examples=known.examples,
    )
