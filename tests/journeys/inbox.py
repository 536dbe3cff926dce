"""The resident's phone: a sender (see doors/sms/senders.py) whose messages stay in this process."""

MESSAGES: list[tuple[str, str]] = []
"""To whom, and the text."""


class Phone:
    def send(self, *, id: int, to: str, text: str) -> None:
        MESSAGES.append((to, text))


def read() -> list[tuple[str, str]]:
    """The messages since the last time."""
    found = list(MESSAGES)
    MESSAGES.clear()
    return found
