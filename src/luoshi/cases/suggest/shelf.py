"""Versions of what was learned: a row for each, and its numbers in a file named by what is in it.

A version is used from the moment its row says that it is finished; until then the one before is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from luoshi.cases.models import Learned
from luoshi.infra import kept
from luoshi.infra.files import write_whole

if TYPE_CHECKING:
    from luoshi.cases.suggest.model import Model

NEEDED = 200
"""Cases without which nothing is learned."""

KEPT = timedelta(days=7)
TARGETS = ("category", "owner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The newest finished version for one target. `precision` and `silent` were measured on cases
    that it had not learned from; `enough` is whether there were enough cases to learn at all."""

    target: str
    version: int
    finished_at: datetime
    examples: int
    classes: int
    held_out: int
    precision: float
    silent: float
    macro_f1: float
    threshold: float | None
    file: str

    @property
    def enough(self) -> bool:
        return bool(self.file)


@kept.by("cases_learned")
def standing(district: int) -> dict[str, Standing]:
    """What is used now, by target. Empty before the first night."""
    found = {}
    for target in TARGETS:
        rows = Learned.objects.filter(
            district_id=district, target=target, finished_at__isnull=False
        )
        row = rows.order_by("-pk").first()
        if row and row.finished_at:
            found[target] = Standing(
                target=target,
                version=row.pk,
                finished_at=row.finished_at,
                examples=row.examples,
                classes=row.classes,
                held_out=row.held_out,
                precision=row.precision,
                silent=row.silent,
                macro_f1=row.macro_f1,
                threshold=row.threshold,
                file=row.file,
            )
    return found


def put(data: bytes) -> str:
    """Keep the numbers of a version durably; the name of the file. Raises StorageFull."""
    name = sha256(data).hexdigest()
    write_whole(_path(name), data)
    return name


def model(name: str) -> "Model | None":
    """The numbers of a version, read once a process; None when the file is gone or not whole."""
    try:
        return _read(name)
    except OSError:
        return None


@lru_cache(maxsize=8)
def _read(name: str) -> "Model":
    """What could not be read is tried again the next time."""
    # Only a process that has something to judge needs numpy.
    from luoshi.cases.suggest.model import load

    data = _path(name).read_bytes()
    if sha256(data).hexdigest() != name:
        raise OSError(f"{name} is not whole")
    return load(data)


def prune(*, district: int, target: str, now: datetime) -> None:
    """Forget versions of more than seven nights ago, the newest finished one excepted: what was
    erased meanwhile is then in none. Their rows stay, for the figures."""
    rows = Learned.objects.filter(district_id=district, target=target)
    newest = rows.filter(finished_at__isnull=False).order_by("-pk").values_list("pk", flat=True)
    old = rows.filter(begun_at__lt=now - KEPT).exclude(pk=newest.first() or 0)
    old.filter(finished_at=None).delete()
    names = set(old.exclude(file="").values_list("file", flat=True))
    old.update(file="")
    used = set(Learned.objects.values_list("file", flat=True))
    for name in names - used:
        _path(name).unlink(missing_ok=True)
    _sweep(used, now)


def _sweep(used: set[str], now: datetime) -> None:
    """What a killed worker wrote and never named in a row."""
    for path in _path("").parent.glob("*.npz"):
        if path.stem not in used and path.stat().st_mtime < (now - KEPT).timestamp():
            path.unlink(missing_ok=True)


def _path(name: str) -> Path:
    return Path(settings.LUOSHI_VAR) / "models" / f"{name}.npz"
