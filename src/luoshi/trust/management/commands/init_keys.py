from typing import Any

from django.core.management.base import BaseCommand

from luoshi.trust import keys


class Command(BaseCommand):
    help = "Make the keys of the vault that are missing; back them up apart from the database."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for name, public in keys.init().items():
            self.stdout.write(f"{name} {public}")
