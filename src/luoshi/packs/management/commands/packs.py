"""`luoshi packs check|install|docs`: tell the mistakes of packs, use them, describe them."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from luoshi.packs import load
from luoshi.packs.check import HERE, Checked, check
from luoshi.packs.describe import reference
from luoshi.registry import queries as registry

PLACE = Path("docs") / "packs.md"


class Command(BaseCommand):
    help = "Check, install or describe packs: the expectations of a field as data"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        told = "a folder with a pack.yaml, or of such folders; all known packs when none is named"
        checking = parts.add_parser("check", help="tell every mistake; 1 if there is one")
        checking.add_argument("folders", nargs="*", type=Path, help=told)
        installing = parts.add_parser("install", help="put packs into a district")
        installing.add_argument("--district", required=True, help="code of the district")
        installing.add_argument("folders", nargs="*", type=Path, help=told)
        docs = parts.add_parser("docs", help="write docs/packs.md, for developers")
        docs.add_argument("--check", action="store_true", help="only compare; 1 if it differs")

    def handle(self, *args: Any, part: str, **options: Any) -> None:
        if part == "check":
            self._check(options["folders"] or None)
        elif part == "install":
            self._install(options["district"], options["folders"] or None)
        else:
            self._docs(check_only=options["check"])

    def _check(self, folders: list[Path] | None) -> None:
        checked = check(folders, known=[HERE])
        for mistake in checked.mistakes:
            self.stderr.write(str(mistake))
        if checked.mistakes:
            self.stderr.write(f"{_count(len(checked.mistakes), 'mistake')}")
            sys.exit(1)
        self.stdout.write(f"all is well: {_contents(checked)}")

    def _install(self, code: str, folders: list[Path] | None) -> None:
        try:
            district = registry.district(code)
        except registry.NotRegistered as error:
            raise CommandError(f"there is no district {code} in this database") from error
        try:
            count = load.install(district=district.id, now=timezone.now(), folders=folders)
        except load.PackError as error:
            raise CommandError(f"nothing was installed:\n{error}") from error
        self.stdout.write(f"{_count(count, 'entry', 'entries')} installed in {district.name}")

    def _docs(self, *, check_only: bool) -> None:
        if not PLACE.parent.is_dir():
            raise CommandError("there is no folder docs here: run this in the project's folder")
        checked = check([HERE])
        if checked.mistakes:
            raise CommandError("packs with mistakes are not described: run `luoshi packs check`")
        text = reference(checked.packs)
        if not check_only:
            PLACE.write_text(text, encoding="utf-8")
        elif not PLACE.exists() or PLACE.read_text(encoding="utf-8") != text:
            self.stderr.write("docs/packs.md differs from the packs: run `luoshi packs docs`")
            sys.exit(1)


def _contents(checked: Checked) -> str:
    return ", ".join(
        (
            _count(len(checked.packs), "pack"),
            _count(checked.count("expectations"), "expectation"),
            _count(checked.count("categories"), "category", "categories"),
        )
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
