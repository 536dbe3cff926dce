"""Why two cases may be one, in words; for the triage page and the lists of the desk."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from luoshi.cases.queries import Fit, Likely, Line, Where
from luoshi.web.cards import Card, cards


@dataclass(frozen=True, slots=True)
class Same:
    """An open case that may be the same, and the reasons; `shared` are words that both have, each
    with its language: they are somebody's words, whatever the language of the page."""

    card: Card
    reasons: tuple[str, ...]
    shared: tuple[tuple[str, str], ...]

    @property
    def line(self) -> Line:
        return self.card.line


def same(found: Iterable[Likely], *, district: int) -> tuple[Same, ...]:
    """Five queries for any number."""
    likely = tuple(found)
    shown = cards([one.line for one in likely], district=district)
    return tuple(
        Same(card, reasons(one.fit), tuple((word, _language(word)) for word in one.fit.shared))
        for card, one in zip(shown, likely, strict=True)
    )


def reasons(fit: Fit) -> tuple[str, ...]:
    """The strongest first."""
    found = [str(WHERE[fit.where]())] if fit.where in WHERE else []
    if fit.category:
        found.append(_("same category"))
    if fit.shared:
        found.append(_("text %(share)s %% alike") % {"share": round(fit.likeness * 100)})
    return tuple(found)


def _language(word: str) -> str:
    return "en" if word.isascii() else "zh-Hans"


WHERE = {
    Where.SUBJECT: lambda: _("same place"),
    Where.AREA: lambda: _("same street or community"),
}
