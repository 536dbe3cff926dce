"""`luoshi demo`: build the demo district, play its story, print it and the logins."""

import argparse
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Build the demo district, play the estate story, and print how to sign in."
    requires_system_checks = []  # they ask for tables that this command is about to make

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            default=None,
            help="count all dates back from this day (YYYY-MM-DD) instead of today",
        )
        parser.add_argument(
            "--population",
            action=argparse.BooleanOptionalAction,
            default=True,
            help="also make some 460 other cases, so that lists and figures are alive",
        )
        parser.add_argument("--language", default="zh-hans", choices=("zh-hans", "en"))

    def handle(self, *args: Any, **options: Any) -> None:
        from demo import show

        show.run(
            today=options["today"],
            population=options["population"],
            language=options["language"],
            out=self.stdout.write,
        )
