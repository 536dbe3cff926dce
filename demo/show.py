"""What `make demo` does: a fresh database, the district, the story, the figures, the logins."""

import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from demo import district, fields, notices, population, story, waiting
from demo.district import Demo
from demo.walk import Walk
from luoshi.cases import figures
from luoshi.cases.suggest import training
from luoshi.packs import load
from luoshi.registry import actions
from luoshi.registry import queries as registry
from luoshi.web.leader import figures as leader

PASSWORD = "luoshi-demo-2020"  # printed on purpose: the demo is for looking round
SEED = 20200624
SINCE = timedelta(days=150)
"""How long the district has had its packs; every story is younger."""
Out = Callable[[str], None]


def run(*, today: date | None, population: bool, language: str, out: Out) -> None:
    """Build everything anew, print the story, end. An existing demo database is replaced."""
    now = _now(today)
    with translation.override(language):
        _empty_database()
        out(_("Building the demo district …"))
        demo = district.build(today=now.date(), password=PASSWORD)
        load.install(district=demo.district, now=now - SINCE)
        walk = _walk(demo, now)
        if population:
            _populate(walk, now, out)
        _story(walk, now, out)
        fields.tell(walk, now=now, out=out)
        if population:
            # Nobody is to be written to about cases that never were.
            with override_settings(REPORTER_HANDLERS={}):
                waiting.leave(walk, now=now)
            _learn(now)
        _notices(demo, now, out)
        _figures(demo, now, out)
        _logins(demo, out)


def _now(today: date | None) -> datetime:
    if today is None:
        return timezone.now()
    return datetime.combine(today, time(16, 0), ZoneInfo(settings.TIME_ZONE))


def _empty_database() -> None:
    """Only a database that holds nothing but an earlier demo is emptied."""
    tables = connection.introspection.table_names()
    if "registry_district" in tables:
        _refuse_real_data()
        _drop_everything(tables)
    call_command("migrate", verbosity=0)


def _refuse_real_data() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT username FROM registry_person WHERE username = 'admin1'")
        demo_people = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM registry_person")
        people = cursor.fetchone()[0]
    if people and not demo_people:
        sys.exit(
            _(
                "This database holds people who are not of the demo: nothing was changed. "
                "Set LUOSHI_VAR or DATABASE_URL to another place and try again."
            )
        )


def _drop_everything(tables: list[str]) -> None:
    # Append-only tables cannot be emptied, so the whole schema goes and is made again.
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
            return
        cursor.execute("PRAGMA foreign_keys=OFF")
        for table in sorted(tables):  # an index of words takes its own tables with it
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)}")
        cursor.execute("PRAGMA foreign_keys=ON")


def _walk(demo: Demo, now: datetime) -> Walk:
    return Walk(demo, calendar=registry.calendar(demo.district), until=now, seed=SEED)


def _populate(walk: Walk, now: datetime, out: Out) -> None:
    live = sys.stdout.isatty()

    def told(done: int, of: int) -> None:
        if live:
            sys.stdout.write("\r" + _("%(done)s of %(of)s cases") % {"done": done, "of": of} + " ")
            sys.stdout.flush()

    # Nobody is to be written to about cases that never were.
    with override_settings(REPORTER_HANDLERS={}, OWNER_HANDLERS={}):
        population.populate(walk, now=now, told=told)
    if live:
        sys.stdout.write("\r")
    out(
        _("%(finished)s older cases and %(open)s of the last days were made by the same actions.")
        % {"finished": population.FINISHED, "open": population.OPEN}
    )


def _learn(now: datetime) -> None:
    """What the worker does at night: the desk has suggestions from the first look on."""
    cursor: int | None = 0
    while cursor is not None:
        cursor = training.train(cursor, now=now).cursor


def _story(walk: Walk, now: datetime, out: Out) -> None:
    out("")
    out(_("The estate story: a notice is not a fix"))
    out("")
    story.tell(walk, now=now, out=out)


def _notices(demo: Demo, now: datetime, out: Out) -> None:
    """After the population, since the bulletin counts it."""
    units = {key: demo.units[key] for key in ("health", "education", "market", "data")}
    person = demo.people["data1"]
    done = notices.play(district=demo.district, person=person, units=units, now=now)
    # What is expected of the notice and the notice itself lead to each other.
    for notice in registry.subjects(demo.district, kind="notice"):
        actions.change_subject(
            district=demo.district,
            subject=notice.id,
            changes={"facts": {"published_as": done.recruitment}},
        )
    out("")
    numbers = (done.recruitment, done.letter, done.guide, done.bulletin)
    out("已发布：招聘公告 {}（更正一次）、公开信 {}、指南 {}、简报 {}".format(*numbers))


def _figures(demo: Demo, now: datetime, out: Out) -> None:
    since = now - timedelta(days=120)
    found = figures.district_figures(demo.district, since=since, until=now)
    out("")
    out(_("Figures of the last 120 days, a family of cases counted once (n = %(n)s assigned)")
        % {"n": found.cases})  # fmt: skip
    for item in leader.items(found):
        out(f"  {item.label}: {item.value}" + (f" ({item.note})" if item.note else ""))


def _logins(demo: Demo, out: Out) -> None:
    out("")
    out(_("Now run `make serve` and open http://127.0.0.1:8000/ — password for all: %(password)s")
        % {"password": PASSWORD})  # fmt: skip
    seen = set[str]()
    for login in demo.logins:
        if login.role not in seen:
            seen.add(login.role)
            out(f"  {login.username:<18} {login.role:<14} {login.name}  {login.unit}")
