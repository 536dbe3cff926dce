"""A leader's first page on one sheet of paper: counts, and the few cases that press most."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from luoshi.cases.queries import MOST
from luoshi.web import formats, staff
from luoshi.web.cards import Card
from luoshi.web.case.choices import language
from luoshi.web.leader import figures
from luoshi.web.leader.reasons import BY_WHOM, DECIDE, REASONS, WAYS, owes
from luoshi.web.leader.today import Today, today
from luoshi.web.papers import sheet

DECISIONS = 8
"""Lines of cases to decide: one sheet holds no more beside the rest."""

SPREADING = 4
CHOSEN = (
    figures.ON_TIME,
    figures.SOLVED,
    figures.SATISFIED,
    figures.FIRST_TIME,
    figures.REDONE,
    figures.TO_FIX,
)
"""Of all figures the ones on paper."""

LETTERS = 26


def document(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """All that `brief.typ` is told."""
    found, district = today(request, now), sheet.district_name(staff.district_id(request))
    return {
        "language": "zh" if language().startswith("zh") else "en",
        "title": _("What a leader has to decide today"),
        "scope": f"{district} · {formats.date(now)}",
        "address": sheet.address("leader:index"),
        "scan": _("Scan for what holds now; you are asked to sign in."),
        "printed": sheet.printed(now),
        "page": _("Page %(n)s of %(total)s"),
        "figures": _counts(found),
        "sections": [
            _decisions(found),
            _stuck(found),
            _back(found),
            _spreading(found),
            _figures(found),
        ],
        "note": _(
            "Without confidential cases. Counts stop at 100; what each figure means stands on the "
            "page that the code leads to."
        ),
    }


def _counts(found: Today) -> list[dict[str, str]]:
    late = found.counts["overdue"]
    return [
        {"label": _("To decide"), "value": most(found.to_decide), "note": ""},
        {"label": _("Overdue"), "value": most(late), "note": ""},
        {
            "label": _("Came back in seven days"),
            "value": str(sum(found.back.counts.values())),
            "note": "",
        },
        {
            "label": _("Verifications that wait"),
            "value": most(int(found.waiting.total)),
            "note": _("%(n)s without a verifier") % {"n": most(int(found.nobody.total))},
        },
    ]


def _decisions(found: Today) -> dict[str, Any]:
    rows = list(_decided(found))[:DECISIONS]
    more = found.to_decide - len(rows)
    title = _("To decide")
    if more > 0:
        title = _("To decide (%(n)s more on the page)") % {"n": most(more)}
    return {
        "title": title,
        "head": [_("Decision"), _("Case"), _("Whose turn"), _("For how long")],
        "widths": [5, 9, 5, 4],
        "rows": rows,
        "empty": _("Nothing waits for your decision."),
    }


def _decided(found: Today) -> Iterator[list[str]]:
    """The first of each kind before the second of any."""
    lines = found.decisions.lines
    for turn in range(max(map(len, lines.values()), default=0)):
        for kind, waiting in lines.items():
            if turn < len(waiting):
                card = found.cards[waiting[turn].id]
                mine = (kind, card.line.id) in found.decisions.mine
                whose = (
                    _("yours") if mine else str(BY_WHOM.get(kind) or owes(card.state, card.unit))
                )
                yield [str(DECIDE[kind].title), _case(card), whose, _since(card, found)]


def _stuck(found: Today) -> dict[str, Any]:
    """Each reason with its longest case; those that wait for a decision stand above already."""
    rows = []
    for kind, cases in found.stuck.items():
        for case in cases[:1]:
            card = found.cards[case]
            whose = str(owes(card.state, card.unit))
            reason = str(REASONS[kind].title)
            late = kind == "overdue" and card.state.deadline
            long = formats.timeleft(late, found.now) if late else _since(card, found)
            rows.append([reason, most(found.counts[kind]), _case(card), whose, long])
    return {
        "title": _("Stuck, and why"),
        "head": [_("Reason"), _("Cases"), _("The longest"), _("Whose turn"), _("For how long")],
        "widths": [5, 2, 12, 6, 5],
        "rows": rows,
        "empty": _("Nothing is stuck."),
    }


def _back(found: Today) -> dict[str, Any]:
    counts = found.back.counts
    rows = [
        [str(name), str(counts[way]), ", ".join(_numbers(found, way))]
        for way, name in WAYS.items()
        if counts[way]
    ]
    return {
        "title": _("Came back in seven days"),
        "head": [_("How"), _("Cases"), _("The latest")],
        "widths": [7, 2, 9],
        "rows": rows,
        "empty": _("Nothing came back."),
    }


def _numbers(found: Today, way: str) -> list[str]:
    return [line.number for line, _at in found.back.latest[way]]


def _spreading(found: Today) -> dict[str, Any]:
    known = found.spreading
    empty = _("Nothing is above its own past.")
    if not known.enough:
        empty = _("There are too few weeks of records to compare with.")
    return {
        "title": _("Spreading: more than in its own past"),
        "head": [_("Category"), _("Where"), _("Cases")],
        "widths": [4, 3, 7],
        "rows": [[row.what, row.where, row.said] for row in known.rows[:SPREADING]],
        "empty": empty,
    }


def _figures(found: Today) -> dict[str, Any]:
    """Two in a row, each with its n and its coverage."""
    block = found.figures
    cells = [
        [str(row.label), "\n".join(part for part in (row.value, str(row.note)) if part)]
        for row in block.rows
        if row.label in CHOSEN
    ]
    if len(cells) % 2:
        cells.append(["", ""])
    said = _("Figures of %(n)s assigned cases of the last %(days)s days")
    return {
        "title": said % {"n": block.cases, "days": block.days},
        "head": [_("Figure"), _("Value"), _("Figure"), _("Value")],
        "widths": [3, 5, 3, 5],
        "rows": [[*left, *right] for left, right in zip(cells[::2], cells[1::2], strict=True)],
        "empty": _("No case yet of which a figure could speak."),
    }


def most(n: int) -> str:
    return f"{MOST}+" if n > MOST else str(n)


def _case(card: Card) -> str:
    parts = (card.line.number, card.where, _short(card.line.text or card.what))
    return " · ".join(part for part in parts if part)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LETTERS else f"{flat[:LETTERS]}…"


def _since(card: Card, found: Today) -> str:
    since = card.state.since
    return formats.duration(found.now - since) if since else "—"
