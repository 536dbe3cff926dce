"""Reading packs and telling all their mistakes, the form first, then what they say together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from luoshi.packs.figures import tell_figures
from luoshi.packs.form import tell_form
from luoshi.packs.methods import tell_methods
from luoshi.packs.mistakes import Mistake
from luoshi.packs.names import tell_names
from luoshi.packs.reading import read
from luoshi.packs.shelf import Pack, Shelf
from luoshi.packs.texts import tell_texts
from luoshi.packs.versions import tell_versions

HERE = Path(__file__).parent
FILE = "pack.yaml"


@dataclass(frozen=True, slots=True)
class Checked:
    """The packs asked for, and every mistake in them; with a mistake none may be used."""

    packs: tuple[Pack, ...]
    mistakes: tuple[Mistake, ...]

    def count(self, section: str) -> int:
        return sum(1 for pack in self.packs for _ in pack.entries(section))


def check(folders: Sequence[Path] | None = None, *, known: Sequence[Path] = ()) -> Checked:
    """Check the packs of these folders; all that the house and the district have when None.

    A folder is one pack or holds packs. Packs of `known` may be named by the others (a kind, a
    category) and are not asked for themselves: their own mistakes are not told.
    """
    mistakes: list[Mistake] = []
    wanted = _files(all_folders() if folders is None else folders, mistakes)
    beside = [file for file in _files(known, []) if file not in wanted]
    shelf = Shelf(
        (
            *(Pack(file, read(file, name=shown(file)), given=False) for file in beside),
            *(Pack(file, read(file, name=shown(file))) for file in wanted),
        )
    )
    for pack in shelf.packs:
        if not pack.reading.mistakes or pack.reading.data is not None:
            tell_form(pack.reading)
    for tell in (tell_names, tell_versions, tell_methods, tell_texts, tell_figures):
        tell(shelf)
    given = tuple(pack for pack in shelf.packs if pack.given)
    found = {mistake for pack in given for mistake in pack.reading.mistakes}
    return Checked(given, tuple(sorted({*mistakes, *found})))


def all_folders() -> list[Path]:
    """The packs of the house, then the district's own."""
    return [HERE, *own_folders()]


def own_folders() -> list[Path]:
    """The folders that the operator named for packs of the district."""
    return [Path(folder) for folder in getattr(settings, "PACK_FOLDERS", ())]


def shown(file: Path) -> str:
    """A file as people find it: packs/markets/pack.yaml, or below the present folder."""
    if file.is_relative_to(HERE):
        return str(Path("packs") / file.relative_to(HERE))
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)


def _files(folders: Iterable[Path], mistakes: list[Mistake]) -> list[Path]:
    found: list[Path] = []
    for folder in folders:
        inside = _inside(folder.resolve())
        if not inside:
            remedy = f"name a folder that holds {FILE}, or folders that do"
            mistakes.append(Mistake(str(folder), 1, (), "there is no pack here", remedy))
        found += [file for file in inside if file not in found]
    return found


def _inside(folder: Path) -> list[Path]:
    if (folder / FILE).is_file():
        return [folder / FILE]
    return sorted(folder.glob(f"*/{FILE}"))
