"""`luoshi docs [--check]`: write the document that is made from the rules, or compare it.

For developers, in the folder of the project.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from luoshi.rules.describe import case_states

PLACE = Path("docs") / "case-states.md"


class Command(BaseCommand):
    help = "Write docs/case-states.md from the workflow table"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare; 1 if it differs")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        text = case_states()
        if not PLACE.parent.is_dir():
            raise CommandError("there is no folder docs here: run this in the project's folder")
        if not check:
            PLACE.write_text(text, encoding="utf-8")
            return
        if not PLACE.exists() or PLACE.read_text(encoding="utf-8") != text:
            self.stderr.write("docs/case-states.md differs from the rules: run `luoshi docs`")
            sys.exit(1)
