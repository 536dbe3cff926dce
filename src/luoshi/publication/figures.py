"""The tokens that this room brings: cases, their categories and places, and notices."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.core.exceptions import ObjectDoesNotExist
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from luoshi.cases import queries as cases
from luoshi.cases.figures import district_figures
from luoshi.cases.queries.tallies import received_by
from luoshi.publication import queries
from luoshi.publication.tokens import PERIOD, Asked, CannotTell, Figure, Parameter, Token, Words
from luoshi.publication.words import KIND
from luoshi.registry import queries as registry
from luoshi.rules.figures import PUBLIC_N, Figures, Rate

CASES = gettext_lazy("cases")


def _figures(asked: Asked) -> Figures:
    """Without confidential cases: what is published of a district must tell nothing of them."""
    span = asked.values["period"]
    if span not in asked.memo:
        until: datetime = min(span.until, asked.now)
        asked.memo[span] = district_figures(
            asked.district, since=span.since, until=until, sealed=False
        )
    found: Figures = asked.memo[span]
    return found


def _counted(pick: Callable[[Figures], int], asked: Asked) -> Figure:
    found = _figures(asked)
    n = pick(found)
    rows = [
        (gettext_lazy("Received"), str(found.at_desk.of)),
        (gettext_lazy("Given to a unit"), str(found.cases)),
        (gettext_lazy("Closed after a verification"), str(found.to_fix.n)),
    ]
    head = (gettext_lazy("Cases of the period"), gettext_lazy("How many"))
    return Figure(shown=str(n), value=n, n=n, unit=CASES, head=head, rows=rows)


def _rate(pick: Callable[[Figures], Rate], asked: Asked) -> Figure:
    """From thirty on a percentage; below that counts, since a rate over a few misleads."""
    rate = pick(_figures(asked))
    if not rate.of:
        raise CannotTell(_("There is no case in this period of which this figure could speak."))
    percent = rate.percent(at_least=PUBLIC_N)
    rows = [(gettext_lazy("Counted"), str(rate.count)), (gettext_lazy("Out of"), str(rate.of))]
    if rate.asked is not None:
        rows += [
            (gettext_lazy("Cases in which somebody was asked"), str(rate.asked)),
            (gettext_lazy("of these with an answer"), str(rate.answered)),
        ]
    return Figure(
        shown=partial(_of, rate) if percent is None else f"{percent}%",
        n=rate.of,
        head=(gettext_lazy("What"), gettext_lazy("How many")),
        rows=rows,
        note="" if percent is not None else gettext_lazy("No percentage below 30."),
    )


def _of(rate: Rate) -> str:
    return _("%(count)s of %(of)s") % {"count": rate.count, "of": rate.of}


def _days_to_fix(asked: Asked) -> Figure:
    spread = _figures(asked).to_fix
    if spread.median is None or spread.n < PUBLIC_N:
        raise CannotTell(
            _("Only %(n)s cases were closed after verification: below 30 there is no median.")
            % {"n": spread.n}
        )
    days = f"{spread.median.total_seconds() / 86400:.1f}"
    rows = [(gettext_lazy("Median"), days)]
    if spread.p90 is not None:
        rows.append(
            (gettext_lazy("Nine in ten within"), f"{spread.p90.total_seconds() / 86400:.1f}")
        )
    head = (gettext_lazy("What"), gettext_lazy("Days"))
    return Figure(shown=days, n=spread.n, unit=gettext_lazy("days"), head=head, rows=rows)


def _by(column: str, asked: Asked) -> Figure:
    span = asked.values["period"]
    counts = received_by(asked.district, column, since=span.since, until=min(span.until, asked.now))
    names = _categories(asked.district) if column == "category" else _areas(asked.district)
    wanted = asked.values.get(column)
    if wanted is not None:
        keys = [k for k, both in names.items() if wanted in (str(k), *both)]
        if not keys:
            raise CannotTell(_("“%(name)s” is in no list here.") % {"name": wanted})
        n = sum(counts.get(key, 0) for key in keys)
    else:
        n = sum(counts.values())
    rows = [(_named(names.get(key or "")), str(count)) for key, count in counts.items()]
    head = (
        gettext_lazy("Category") if column == "category" else gettext_lazy("Street or community"),
        CASES,
    )
    return Figure(
        shown=str(n),
        value=n,
        n=sum(counts.values()),
        unit=CASES,
        head=head,
        rows=rows,
        as_written=column == "area",
    )


Names = dict[int | str, tuple[str, str]]


def _categories(district: int) -> Names:
    return {c.code: (c.name, c.name_en) for c in cases.categories(district)}


def _areas(district: int) -> Names:
    return {area.id: (area.name, area.name) for area in registry.areas(district)}


def _name(both: tuple[str, str] | None) -> str:
    """In the language of the moment, since rows are kept in both."""
    if both is None:
        return _("Not told apart yet")
    return both[(get_language() or "").startswith("en")]


_named = lazy(_name, str)


def _notices(asked: Asked) -> Figure:
    span = asked.values["period"]
    found = queries.published_by_kind(asked.district, since=span.since, until=span.until)
    n = sum(found.values())
    return Figure(
        shown=str(n),
        value=n,
        n=n,
        unit=gettext_lazy("notices"),
        head=(gettext_lazy("Kind"), gettext_lazy("notices")),
        rows=[(KIND[kind], str(count)) for kind, count in sorted(found.items())],
    )


def _posts(asked: Asked) -> Figure:
    """Of the notice that is named, else of the text in which the token stands."""
    number = asked.values.get("number")
    tables = asked.tables
    if number:
        try:
            tables = queries.tables_of(asked.district, number)
        except ObjectDoesNotExist as error:
            raise CannotTell(
                _("No notice %(number)s has been published.") % {"number": number}
            ) from error
    counted = [table for table in tables if table.counted is not None]
    if not counted:
        raise CannotTell(_("There is no table here with a column that is added up."))
    table = counted[0]
    at = counted[0].counted or 0
    rows = [(_row_name(row, at), row[at]) for row in table.rows]
    total = table.sum or 0
    return Figure(
        shown=str(total),
        value=total,
        n=total,
        head=(table.head[0], table.head[at]),
        rows=rows,
        as_written=True,
    )


def _row_name(row: tuple[str, ...], at: int) -> str:
    return " · ".join(cell for n, cell in enumerate(row) if n < max(at, 1))


def _case(name: str, title: Words, definition: Words, ask: Callable[[Asked], Figure]) -> Token:
    return Token(
        name=f"cases.{name}", title=title, definition=definition, ask=ask, parameters=(PERIOD,)
    )


TOKENS: tuple[Token, ...] = (
    _case(
        "received",
        gettext_lazy("Cases received"),
        gettext_lazy(
            "Cases received in the period. However many people report one problem, it counts once. "
            "Confidential reports and old records that nobody checked are left out."
        ),
        partial(_counted, lambda f: f.at_desk.of),
    ),
    _case(
        "assigned",
        gettext_lazy("Cases given to a unit"),
        gettext_lazy("Of the cases received in the period, those that were given to a unit."),
        partial(_counted, lambda f: f.cases),
    ),
    _case(
        "closed_verified",
        gettext_lazy("Cases closed after verification"),
        gettext_lazy(
            "Of the cases received in the period, those whose work was checked by somebody who had "
            "no part in it, and held. Work that is only claimed, and deferred cases, do not count."
        ),
        partial(_counted, lambda f: f.to_fix.n),
    ),
    _case(
        "triaged",
        gettext_lazy("Triaged in time"),
        gettext_lazy("Cases that the desk triaged within its limit, of those that were due."),
        partial(_rate, lambda f: f.triaged),
    ),
    _case(
        "acknowledged",
        gettext_lazy("Acknowledged in time"),
        gettext_lazy("Cases that a unit took up within its limit, of those that were due."),
        partial(_rate, lambda f: f.acknowledged),
    ),
    _case(
        "responded",
        gettext_lazy("Response rate"),
        gettext_lazy("Cases whose reporter was reached within the limit, of those that were due."),
        partial(_rate, lambda f: f.responded),
    ),
    _case(
        "on_time",
        gettext_lazy("On-time rate"),
        gettext_lazy(
            "Cases whose verified claim was made before the deadline, of those that were due to be "
            "closed. Reopening a case voids it."
        ),
        partial(_rate, lambda f: f.on_time),
    ),
    _case(
        "solved",
        gettext_lazy("Solved rate"),
        gettext_lazy(
            "Of the reporters who answered, those who said that the problem is solved. The unit's "
            "own word never counts."
        ),
        partial(_rate, lambda f: f.solved),
    ),
    _case(
        "first_pass",
        gettext_lazy("Passed at the first verification"),
        gettext_lazy("Cases whose first verification passed, of all that were verified."),
        partial(_rate, lambda f: f.first_pass),
    ),
    _case(
        "satisfied",
        gettext_lazy("Satisfied rate"),
        gettext_lazy("Of the reporters who said whether they are satisfied, those who are."),
        partial(_rate, lambda f: f.satisfied),
    ),
    _case(
        "first_time",
        gettext_lazy("First-time rate"),
        gettext_lazy(
            "Closed cases that were neither reopened nor reported again as the same category at "
            "the same place within 90 days, of all closed ones."
        ),
        partial(_rate, lambda f: f.first_time),
    ),
    _case(
        "redone",
        gettext_lazy("Redo rate"),
        gettext_lazy("Claims that a verifier sent back, of all claims that were verified."),
        partial(_rate, lambda f: f.redone),
    ),
    _case(
        "days_to_fix",
        gettext_lazy("Days to a real fix (median)"),
        gettext_lazy(
            "Days from the report to the last verification that held; half of the closed cases "
            "took less, half took more."
        ),
        _days_to_fix,
    ),
    Token(
        name="cases.by_category",
        title=gettext_lazy("Cases by category"),
        definition=gettext_lazy(
            "Cases received in the period, by what they are about. Confidential reports, merged "
            "cases and unchecked old records are left out."
        ),
        ask=partial(_by, "category"),
        parameters=(
            PERIOD,
            Parameter(
                name="category",
                help=gettext_lazy("code or name of a category, for those of one only"),
                example="estate.green",
                required=False,
            ),
        ),
    ),
    Token(
        name="cases.by_area",
        title=gettext_lazy("Cases by place"),
        definition=gettext_lazy(
            "Cases received in the period, by street or community. Confidential reports, merged "
            "cases and unchecked old records are left out. This is no ranking: more reports may "
            "mean more attention."
        ),
        ask=partial(_by, "area"),
        parameters=(
            PERIOD,
            Parameter(
                name="area",
                help=gettext_lazy("name of a street or community, for those of one only"),
                example="",
                required=False,
            ),
        ),
    ),
    Token(
        name="notices.published",
        title=gettext_lazy("Notices published"),
        definition=gettext_lazy(
            "Notices first published in the period; corrections do not count again, withdrawn ones "
            "do."
        ),
        ask=_notices,
        parameters=(PERIOD,),
    ),
    Token(
        name="notice.posts",
        title=gettext_lazy("Sum of a table"),
        definition=gettext_lazy(
            "The sum of the counted column of the first table of a notice, row by row, without its "
            "row of totals."
        ),
        ask=_posts,
        parameters=(
            Parameter(
                name="number",
                help=gettext_lazy("number of a published notice; without it, this text"),
                example="2026-001",
                required=False,
            ),
        ),
    ),
)
