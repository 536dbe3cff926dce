"""`luoshi check_cases`: every night, prove that nothing was lost or changed."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from luoshi.cases import check


class Command(BaseCommand):
    help = "Hold cases, events, log, reports and pictures against each other; exit 1 if they differ"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--read-files", action="store_true", help="read every picture, not only look for it"
        )

    def handle(self, *args: Any, read_files: bool, **options: Any) -> None:
        self.done = found = 0
        for fault in check.faults(progress=self._progress, read_files=read_files):
            found += 1
            self.stdout.write(str(fault))
        self.stdout.write(f"{self.done} cases checked, {found} faults")
        if found:
            sys.exit(1)

    def _progress(self, done: int, total: int) -> None:
        self.done = done
        end = "\r" if self.stderr.isatty() else "\n"
        self.stderr.write(f"{done} of {total} cases", ending=end)
