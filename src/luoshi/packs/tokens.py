"""Figures of the fields that a bulletin may name: what was reported, and where demands stand.

They live here since expectations and publication do not know each other.
"""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.expectations import queries
from luoshi.expectations.wording import RESULT
from luoshi.publication.tokens import PERIOD, Asked, CannotTell, Figure, Parameter, Token
from luoshi.registry import queries as registry
from luoshi.registry.queries import SubjectInfo

FIELD = Parameter(
    name="field", help=gettext_lazy("code of a field, as in its address"), example="markets"
)
COUNT = gettext_lazy("How many")


def _reported(asked: Asked) -> Figure:
    """One value of one subject; what is not known is not smoothed over."""
    named, code = asked.values["subject"], asked.values["code"]
    subjects = registry.subjects_called(asked.district, named)
    if len(subjects) != 1:
        told = _("“%(name)s” is the name or code of no subject.")
        if subjects:
            told = _("“%(name)s” is the name of several subjects: use the code of one.")
        raise CannotTell(told % {"name": named})
    fields = {one.code: one for one in queries.figure_fields(subjects[0], asked.district)}
    period, figure = asked.values.get("as_of", ""), fields.get(code)
    value = queries.reported(subjects[0].id, period).get(code) if period else None
    if figure and not period:
        value = figure.last
    if figure is None or value is None:
        raise CannotTell(
            _("“%(code)s” was not reported for %(subject)s.")
            % {"code": code, "subject": subjects[0].name}
        )
    if figure.signal:
        raise CannotTell(_("A warning sign about somebody is no figure for the public."))
    if value.value is None:
        raise CannotTell(
            _("“%(code)s” was reported as not known for %(period)s.")
            % {"code": code, "period": value.period}
        )
    shown = _plain(value.value)
    head = (
        gettext_lazy("Period"), COUNT, gettext_lazy("Source"), gettext_lazy("Reported on"),
    )  # fmt: skip
    return Figure(
        shown=shown,
        n=1,
        unit=lazy(_unit, str)(subjects[0], asked.district, code),
        head=head,
        rows=[(value.period, shown, value.source, value.reported_on.isoformat())],
        as_written=True,
    )


def _plain(value: Decimal) -> str:
    """With the places that it has, at most four."""
    return f"{value.normalize():,f}"


def _unit(subject: SubjectInfo, district: int, code: str) -> str:
    """In the language of the moment, since figures are kept in both."""
    return next((f.unit for f in queries.figure_fields(subject, district) if f.code == code), "")


def _standing(asked: Asked) -> Figure:
    field, wanted = _field(asked), asked.values["result"]
    counts = dict(field.counts)
    return Figure(
        shown=str(counts.get(wanted, 0)),
        value=counts.get(wanted, 0),
        n=sum(counts.values()),
        head=(gettext_lazy("Where it stands"), COUNT),
        rows=[(RESULT[result], str(n)) for result, n in sorted(counts.items())],
    )


def _result(text: str) -> str:
    if text not in RESULT:
        raise ValueError(text)
    return text


def _findings(asked: Asked) -> Figure:
    field, span = _field(asked), asked.values["period"]
    until: datetime = min(span.until, asked.now)
    found = queries.findings_by_demand(asked.district, field.code, since=span.since, until=until)
    n = sum(found.values())
    rows: list[tuple[str | Promise, str]] = [
        (lazy(_title, str)(asked.district, field.code, id), str(count))
        for id, count in found.items()
    ]
    return Figure(shown=str(n), value=n, n=n, head=(gettext_lazy("Demand"), COUNT), rows=rows)


def _title(district: int, field: str, expectation: int) -> str:
    today = timezone.localdate()
    known = {one.id: one.title for one in queries.demands(district, on=today, field=field)}
    return known.get(expectation, _("a demand that has ended"))


def _field(asked: Asked) -> queries.FieldInfo:
    code = asked.values["field"]
    for field in queries.fields(asked.district):
        if field.code == code:
            return field
    raise CannotTell(_("There is no field “%(code)s” here.") % {"code": code})


TOKENS: tuple[Token, ...] = (
    Token(
        name="figures.reported",
        title=gettext_lazy("A reported figure"),
        definition=gettext_lazy(
            "The value that was reported for this subject and period, in its last revision. Nobody "
            "has counted again; the source stands beside it."
        ),
        ask=_reported,
        parameters=(
            Parameter(
                name="subject", help=gettext_lazy("name or code of a subject"), example="JY-2020"
            ),
            Parameter(name="code", help=gettext_lazy("code of the figure"), example="children"),
            Parameter(
                name="as_of",
                help=gettext_lazy("its period; without it, the last one"),
                example="2020",
                required=False,
            ),
        ),
    ),
    Token(
        name="expectations.standing",
        title=gettext_lazy("Demands by where they stand"),
        definition=gettext_lazy(
            "Each demand counts once for each subject to which it applies. What was never looked "
            "at is not in it. This is no score."
        ),
        ask=_standing,
        parameters=(
            FIELD,
            Parameter(name="result", help=", ".join(RESULT), example="unmet", read=_result),
        ),
    ),
    Token(
        name="expectations.findings",
        title=gettext_lazy("Findings"),
        definition=gettext_lazy(
            "Demands that were found unmet in the period, by a person or by rule; each opened a "
            "case or joined an open one."
        ),
        ask=_findings,
        parameters=(FIELD, PERIOD),
    ),
)
