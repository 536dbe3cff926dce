"""`luoshi seed_holidays`: take over the published holidays, leaving days set by hand alone."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from luoshi.registry import actions, queries


class Command(BaseCommand):
    help = "Take over the published public holidays; days set by hand are never changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--district", metavar="CODE", help="only this one (default: all)")

    def handle(self, *, district: str | None = None, **options: Any) -> None:
        chosen = [queries.district(district)] if district else queries.districts()
        for info in chosen:
            years = actions.seed_holidays(district=info.id)
            self.stdout.write(f"{info.code} {info.name}: {min(years)}-{max(years)}")
