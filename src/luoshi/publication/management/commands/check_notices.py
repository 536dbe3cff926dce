from typing import Any

from django.core.management.base import BaseCommand, CommandError

from luoshi.publication.check import faults


class Command(BaseCommand):
    help = "Hold every published version of every notice against its leaf in the log."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for fault in faults():
            self.stderr.write(fault)
            wrong += 1
        if wrong:
            raise CommandError(f"{wrong} faults")
        self.stdout.write("every notice is what was committed")
