"""Texts from the sources into the Chinese catalogue, and what a catalogue must fulfil.

python -m tools.messages   extract, update, compile; then fill the empty entries by hand
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("src/luoshi", "demo")
CATALOGUE = ROOT / "src/luoshi/locale/zh_Hans/LC_MESSAGES/django.po"
KEYWORDS = ("gettext_lazy", "ngettext_lazy:1,2", "pgettext_lazy:1c,2", "_l")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def pybabel(*arguments: str) -> None:
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", *arguments]
    subprocess.run(command, cwd=ROOT, check=True)


def extract(template: Path) -> None:
    keywords = [word for keyword in KEYWORDS for word in ("-k", keyword)]
    told = ["--no-location", "--sort-output", "--project=luoshi", "--version=1"]
    pybabel("extract", "-F", "babel.cfg", *keywords, *told, "-o", str(template), *SOURCES)


def load(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans" if path == CATALOGUE else None)


def extracted() -> Catalog:
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "django.pot"
        extract(template)
        return load(template)


def problems(sources: Catalog, catalogue: Catalog) -> list[str]:
    """One line for each text that a Chinese reader would see in English, or see broken."""
    wanted = {key(message) for message in sources if message.id}
    had = {key(message): message for message in catalogue if message.id}
    found = [f"not in the catalogue (make messages): {name}" for name in sorted(wanted - set(had))]
    found += [f"no longer in the sources (make messages): {n}" for n in sorted(set(had) - wanted)]
    return found + [
        f"{fault}: {name}" for name, message in sorted(had.items()) if (fault := _fault(message))
    ]


def key(message: Message) -> str:
    source = message.id if isinstance(message.id, str) else message.id[0]
    return f"{message.context}|{source}" if message.context else source


def _fault(message: Message) -> str:
    sources = [message.id] if isinstance(message.id, str) else list(message.id)
    texts = [message.string] if isinstance(message.string, str) else list(message.string)
    if message.fuzzy:
        return "fuzzy"
    if not texts or not all(texts):
        return "without Chinese"
    # Of a plural the last form has the number; Chinese has that one form only.
    if any(set(PLACEHOLDER.findall(text)) != _places(sources) for text in texts):
        return "placeholders differ"
    return ""


def _places(sources: list[str]) -> set[str]:
    return set(PLACEHOLDER.findall(sources[-1]))


def update() -> None:
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "django.pot"
        extract(template)
        where = ["-i", str(template), "-o", str(CATALOGUE), "-l", "zh_Hans"]
        if CATALOGUE.exists():
            pybabel("update", *where, "--no-fuzzy-matching", "--ignore-obsolete", "--no-wrap")
        else:
            CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
            pybabel("init", *where)
    pybabel("compile", "-i", str(CATALOGUE), "-o", str(CATALOGUE.with_suffix(".mo")))


def main() -> None:
    update()
    catalogue = load(CATALOGUE)
    empty = [key(message) for message in catalogue if message.id and not message.string]
    print(f"{len(catalogue)} texts, {len(empty)} without Chinese", *empty, sep="\n  ")


if __name__ == "__main__":
    main()
