"""Codes that may stand only once, and the versions of an expectation."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from luoshi.packs.methods import METHODS
from luoshi.packs.shelf import Entry, Shelf

Key = Callable[[Entry], object]


def _code(entry: Entry) -> object:
    return entry.code


def _within_pack(entry: Entry) -> object:
    return entry.pack.file, entry.code


def _within_kind(entry: Entry) -> object:
    return entry.text("kind"), entry.code


def _versioned(entry: Entry) -> object:
    return entry.code, entry.data.get("version")


# What may stand only once: over all packs of a district, or within a pack or a kind.
ONCE: tuple[tuple[tuple[str, ...], Key, str], ...] = (
    (("sources",), _within_pack, "code"),
    (("kinds",), _code, "code"),
    (("figures",), _within_kind, "code"),
    (("records",), _within_kind, "code"),
    (("categories",), _code, "code"),
    (("answers", "declines"), _code, "code"),
    (("rounds",), _code, "code"),
    (("expectations",), _versioned, "version"),
)
NESTED = (
    ("kinds", "facts"),
    ("records", "fields"),
)


def tell_versions(shelf: Shelf) -> None:
    """Note what stands twice, and versions that are not one after the other."""
    for sections, key, told_at in ONCE:
        entries = [entry for section in sections for entry in shelf.entries(section)]
        _once(entries, key, told_at)
    for section, part in NESTED:
        for entry in shelf.entries(section):
            _once(entry.items(part), _code, "code")
            for inner in entry.items(part):
                _once(inner.items("choices"), _code, "code")
    for entry in shelf.entries("expectations"):
        _once(entry.items("item", "choices"), _code, "code")
    _fields(shelf)
    _figures_and_facts(shelf)
    _versions(shelf)


def _once(entries: Iterable[Entry], key: Key, told_at: str) -> None:
    first: dict[object, Entry] = {}
    for entry in entries:
        if not entry.code:
            continue
        seen = first.setdefault(repr(key(entry)), entry)
        if seen is not entry:
            entry.tell((told_at,), _twice(entry, seen), _apart(entry))


def _twice(entry: Entry, seen: Entry) -> str:
    what = f"`{entry.code}`"
    if _is_expectation(entry):
        what += f" version {entry.data.get('version')}"
    return f"{what} stands also in {seen.place}"


def _is_expectation(entry: Entry) -> bool:
    return entry.section == "expectations" and len(entry.path) == 2


def _apart(entry: Entry) -> str:
    if _is_expectation(entry):
        return "raise the version and give a reason, or choose another code"
    return "choose another code, or remove one of the two"


def _fields(shelf: Shelf) -> None:
    first: dict[str, Entry] = {}
    for pack in shelf.packs:
        seen = first.setdefault(pack.field, pack.top)
        if pack.field and seen.pack is not pack:
            told = f"the field `{pack.field}` has a pack already: {seen.pack.reading.name}"
            pack.top.tell(("field",), told, "choose another code for this field")


def _figures_and_facts(shelf: Shelf) -> None:
    for kind in shelf.codes("kinds"):
        facts = {fact.code: fact for fact in shelf.facts(kind, "number")}
        for figure in shelf.of_kind("figures", kind):
            if fact := facts.get(figure.code):
                told = f"`{figure.code}` is also a fact of the kind: {fact.place}"
                figure.tell(("code",), told, "a formula could mean either: choose another code")


def _versions(shelf: Shelf) -> None:
    by_code: dict[str, list[Entry]] = defaultdict(list)
    for entry in shelf.entries("expectations"):
        if entry.code and isinstance(entry.data.get("version"), int):
            by_code[entry.code].append(entry)
    for versions in by_code.values():
        _history(sorted(versions, key=lambda entry: int(entry.data["version"])))


def _history(versions: list[Entry]) -> None:
    if versions[0].data["version"] > 1:
        told = f"the first version is 1, not {versions[0].data['version']}"
        versions[0].tell(("version",), told, "keep the versions that came before in the file")
    for number, entry in enumerate(versions):
        version = entry.data["version"]
        if version > 1 and not entry.text("reason").strip():
            told = f"version {version} has no reason"
            entry.tell(("version",), told, "add `reason: …`: what changed and why")
        if entry.text("to") and entry.text("to") <= entry.text("from"):
            entry.tell(("to",), "must be later than `from`", "put the two days in order")
        if number:
            _after(entry, versions[number - 1])


def _after(entry: Entry, before: Entry) -> None:
    version, last = entry.data["version"], before.data["version"]
    if entry.pack is not before.pack:
        entry.tell(("code",), f"`{entry.code}` stands also in {before.place}", _apart(entry))
        return
    if version > last + 1:
        told = f"version {version} does not follow version {last}"
        entry.tell(("version",), told, f"write version: {last + 1}")
    if version > last and entry.text("from") <= before.text("from"):
        told = f"must be later than the day of version {last}"
        entry.tell(("from",), told, "a new version counts from a later day")
    if _nature(entry) != _nature(before):
        told = f"is of another kind, or checked in another way, than version {last}"
        entry.tell((), told, "that is another expectation: give it a code of its own")


def _nature(entry: Entry) -> tuple[object, ...]:
    return entry.text("kind"), *(method for method in METHODS if method in entry.data)
