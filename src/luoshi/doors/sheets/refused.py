"""A file or a cell that cannot be taken; the words stand in `words`."""

from typing import Any


class SheetRefused(ValueError):
    """The whole file. `code` has its sentence in words.REFUSED."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


class Bad(ValueError):
    """One cell. `code` has its sentence in words.FAULTS."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details
