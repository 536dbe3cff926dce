"""What keeps a text from being published: where it stands, what it is, and what to do about it."""

from dataclasses import dataclass, replace

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`field`: title, title_en, body, body_en, table:<n>, or one of the form. `line` and `column`
    count from 1; 0 where there is no such place. `what` is a sentence that names the remedy."""

    what: str | Promise
    field: str = ""
    line: int = 0
    column: int = 0

    def of(self, field: str) -> "Problem":
        return replace(self, field=field)


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of a character."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
