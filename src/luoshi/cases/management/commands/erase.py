"""`luoshi erase`: destroy what identifies a reporter, and what he sent, on request or after the
term."""

from argparse import ArgumentParser
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from luoshi.cases import erasure, queries
from luoshi.cases.queries import Erasable
from luoshi.registry import queries as registry
from luoshi.trust import vault
from luoshi.trust.errors import ReasonRefused

STAYS = """What stays:
  - the number of the report, its access code as a hash, its case with every event;
  - the leaves in the log: commitments from which nothing can be read, so that the log still proves
    that nothing else was changed; and that, when, by whom and why this was erased;
  - without --words, what the reporter wrote and his pictures;
  - what staff wrote (the summary for the public, measures, notes) and their own pictures;
  - copies that are not in this database: the mailbox, the gateway for text messages, backups until
    they expire."""


FILES = """\
No page shows the pictures from now on. Their files are taken away by the worker, those of the last
hour after an hour; what another report holds as well stays for that one."""


class Command(BaseCommand):
    help = (
        "Destroy a reporter's contact (with --words also what he wrote and his pictures), or all "
        "contacts of cases that were closed before a day. It cannot be taken back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("report", nargs="?", help="the number of the report")
        which.add_argument(
            "--closed-before", type=date.fromisoformat, metavar="YYYY-MM-DD",
            help="the contacts of all reports whose case was closed before that day",
        )  # fmt: skip
        parser.add_argument(
            "--words", action="store_true", help="his words and pictures as well (one report)"
        )
        parser.add_argument("--by", required=True, help="login name of whoever answers for it")
        parser.add_argument("--reason", required=True, help="kept for ever: name nobody in it")
        parser.add_argument("--district", default=settings.DISTRICT, help="code of the district")
        parser.add_argument("--yes", action="store_true", help="do not ask again")

    def handle(self, *args: Any, **given: Any) -> None:
        if given["words"] and not given["report"]:
            raise CommandError("--words goes with the number of one report.")
        try:
            district = registry.district(given["district"]).id
            given["by"] = registry.person(given["by"]).id
        except registry.NotRegistered as error:
            raise CommandError(f"Not in the register: {error}") from error
        if given["report"]:
            self._one(district, given)
        else:
            self._many(district, given)

    def _one(self, district: int, given: Any) -> None:
        found = queries.erasable(given["report"].strip(), district=district)
        if found is None:
            raise CommandError(f"There is no report {given['report']} in this district.")
        ids = [found.contact] if found.contact else []
        ids += found.words if given["words"] else ()
        pictures = given["words"] and found.pictures
        if not ids and not pictures:
            self.stdout.write(f"Report {found.number}: nothing is left to erase.")
            return
        self._announce(found, given["words"])
        self._confirm(found.number, given)
        self._erase(ids, given, report=found.report if pictures else None)
        self.stdout.write(f"Erased {_what(found, given['words'])} of report {found.number}.")
        if pictures:
            self.stdout.write(FILES)
        self.stdout.write(STAYS)

    def _announce(self, found: Erasable, words: bool) -> None:
        self.stdout.write(
            f"Report {found.number}, case {found.case_number}: {_what(found, words)} will be "
            "destroyed, for everybody and for ever."
        )
        if found.contact and not found.closed:
            self.stdout.write(
                "The case is OPEN: its reporter gets no more news, and what he is asked will lapse "
                "as no answer unless he has an access code."
            )

    def _many(self, district: int, given: Any) -> None:
        midnight = datetime.combine(given["closed_before"], time(), timezone.get_default_timezone())
        if midnight > timezone.now():
            raise CommandError("That day is still to come.")
        contacts = queries.contacts_closed_before(midnight, district=district)
        ids = [id for some in contacts for id in some]
        if not ids:
            self.stdout.write("Nothing is left to erase.")
            return
        self.stdout.write(
            f"{len(ids)} contacts, of reports whose case was closed before "
            f"{given['closed_before']}, will be destroyed, for everybody and for ever."
        )
        self._confirm(str(len(ids)), given)
        self._erase(ids, given)
        self.stdout.write(f"Erased {len(ids)} contacts.")
        self.stdout.write(STAYS)

    def _confirm(self, what: str, given: Any) -> None:
        if not given["yes"] and input(f"Type {what} to go on: ").strip() != what:
            raise CommandError("Nothing was erased.")

    def _erase(self, ids: list[int], given: Any, *, report: int | None = None) -> None:
        """Each in a transaction of its own: what was done stays done when it is cut short."""
        try:
            for id in ids:
                vault.erase(vault_id=id, by=given["by"], reason=given["reason"], now=timezone.now())
            if report:
                erasure.pictures(
                    report=report, by=given["by"], reason=given["reason"], now=timezone.now()
                )
        except ReasonRefused as error:
            raise CommandError("Give a reason in words: at most 500 characters.") from error


def _what(found: Erasable, words: bool) -> str:
    parts = ["the contact"] if found.contact else []
    if words and found.words:
        parts.append(f"the words ({len(found.words)})")
    if words and found.pictures:
        parts.append(f"the pictures ({found.pictures})")
    return " and ".join(parts)
