"""`luoshi serve`: the whole system in the foreground, pages and worker."""

import signal
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections

from luoshi.infra import serve, triggers


class Command(BaseCommand):
    help = "Migrate, then serve the pages and run the worker until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="web processes (PostgreSQL)")

    def handle(
        self, *args: Any, host: str, port: int, workers: int, verbosity: int, **options: Any
    ) -> None:
        if workers > 1 and connection.vendor == "sqlite":
            raise CommandError("SQLite serves best with one web process; more need PostgreSQL")
        call_command("migrate", interactive=False, verbosity=0)
        triggers.verify()
        connections.close_all()
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write(f"http://{host}:{port}/  (Ctrl-C stops)")
        self.stdout.flush()
        web = serve.web_command(host=host, port=port, workers=workers)
        sys.exit(serve.run(web=web, worker=serve.worker_command(), stop=stop))
