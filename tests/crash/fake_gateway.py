"""A gateway in this process that does what gateways promise: two messages with one id are one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

PATIENCE = 60


@dataclass(slots=True)
class Gateway:
    """`requests` are all that came in, `messages` what a phone would have shown, by id.

    Until `answering` is set a message is taken, and kept, but its sender gets no answer.
    """

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)
    arrived: Event = field(default_factory=Event)
    answering: Event = field(default_factory=Event)

    def take(self, message: dict[str, Any]) -> None:
        self.requests.append(message)
        self.messages.setdefault(message["id"], message["text"])
        self.arrived.set()


@contextmanager
def gateway() -> Iterator[Gateway]:
    """Listens on a free port of this machine while the block runs."""
    here = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            here.take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            here.answering.wait(PATIENCE)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here.url = f"http://127.0.0.1:{server.server_port}/"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield here
    finally:
        here.answering.set()
        server.shutdown()
        thread.join()
        server.server_close()
