"""`luoshi worker`: deliver messages, keep deadlines, until told to stop."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from luoshi.infra import triggers, worker


class Command(BaseCommand):
    help = "Run what follows from cases: deliveries and deadlines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        triggers.verify()
        if once:
            self.stdout.write(f"{worker.run_once()} done")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        worker.run(stop=stop)
