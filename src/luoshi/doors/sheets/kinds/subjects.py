"""Subjects of a kind: each row a new one, or changes to one that is there.

A row is the subject with its code; without a code the one of its name, within what it is a part
of. An empty cell changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from luoshi.doors.sheets import cells
from luoshi.doors.sheets.columns import Column
from luoshi.doors.sheets.kinds import NotPossible, Reading
from luoshi.doors.sheets.kinds.known import Subjects as Found
from luoshi.doors.sheets.kinds.known import said_in
from luoshi.doors.sheets.refused import Bad
from luoshi.expectations import queries
from luoshi.registry import actions
from luoshi.registry import queries as registry
from luoshi.registry.queries import SubjectInfo
from luoshi.rules.credit_code import uscc_ok

FACT = "fact."

CODE = Column(
    code="code",
    label=_("Code"),
    names=("编码", "代码", "编号", "Code"),
    help=_("The code in other registers; by it a subject is known again."),
    sample="SC-001",
)
NAME = Column(
    code="name",
    label=_("Name of the place"),
    names=("名称", "单位名称", "Name"),
    sample="示范农贸市场",
)
PARENT = Column(
    code="parent",
    label=_("Belongs to"),
    names=("所属", "上级", "所属单位", "Part of"),
    help=_("Name or code of what it is a part of."),
)
AREA = Column(
    code="area",
    label=_("Street or community"),
    names=("所在街道或社区", "街道", "社区", "属地", "Area"),
    help=_("Name or code, as registered."),
)
ADDRESS = Column(code="address", label=_("Address"), names=("地址", "Address"))
LAT = Column(code="lat", label=_("Latitude"), names=("纬度", "Latitude", "lat"))
LON = Column(code="lon", label=_("Longitude"), names=("经度", "Longitude", "lon"))


@dataclass(slots=True)
class Wanted:
    """What a row says of a subject: `id` is None for a new one."""

    id: int | None
    said: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


class Subjects:
    """`target` is the code of the kind."""

    def __init__(
        self, district: int, target: str, options: Mapping[str, Any], now: datetime
    ) -> None:
        self.district, self.kind = district, queries.kind(district, target)
        if self.kind is None:
            raise NotPossible("kind_gone")
        self.about = self.kind
        self.facts = {FACT + fact["code"]: fact for fact in self.about.facts}
        areas = registry.areas(district)
        self.areas = {name: one for one in areas for name in (one.name, one.code)}
        self.area_names = {one.id: one.name for one in areas}

    @property
    def columns(self) -> tuple[Column, ...]:
        base = (CODE, NAME, *((PARENT,) if self.about.part_of else ()), AREA, ADDRESS, LAT, LON)
        return (*base, *(fact_column(code, fact) for code, fact in self.facts.items()))

    def read(self, rows: Sequence[Mapping[str, Any]]) -> list[Reading]:
        here = Found(self.district, self.about.code, said_in(rows, "code", "name"))
        above = Found(self.district, self.about.part_of, said_in(rows, "parent"))
        parents = registry.subject_names(
            one.parent for some in here.by_name.values() for one in some if one.parent
        )
        return [self._read(row, here, above, parents) for row in rows]

    def _read(
        self, row: Mapping[str, Any], here: Found, above: Found, parents: Mapping[int, str]
    ) -> Reading:
        found = Reading()
        said: dict[str, Any] = {}
        readers = self._readers(above)
        for code, value in row.items():
            try:
                said[code] = readers[code](value)
                if isinstance(value, str) and self._numeric(code):
                    found.notes.append("numbers_as_text")
            except Bad as no:
                found.faults.append((code, no.code, no.details))
        if ("lat" in said) != ("lon" in said):
            found.faults.append(("lat" if "lon" in said else "lon", "both_degrees", {}))
        if found.faults:
            return found
        try:
            before = self._before(said, here)
        except Bad as no:
            found.faults.append(("name" if "name" in row else "code", no.code, no.details))
            return found
        if before is None:
            found.faults += [(code, "missing", {}) for code in self._lacking(said)]
        self._put(found, said, before, parents)
        return found

    def _numeric(self, code: str) -> bool:
        return code in {"lat", "lon"} or self.facts.get(code, {}).get("type") == "number"

    def _readers(self, above: Found) -> dict[str, Any]:
        base: dict[str, Any] = {
            "code": lambda value: cells.text(value, most=40),
            "name": lambda value: cells.text(value, most=120),
            "parent": lambda value: above.one(cells.text(value, most=200)),
            "area": self._area,
            "address": lambda value: cells.text(value, most=200),
            "lat": lambda value: cells.degrees(value, most=90),
            "lon": lambda value: cells.degrees(value, most=180),
        }
        return base | {code: _fact_reader(fact) for code, fact in self.facts.items()}

    def _area(self, value: Any) -> Any:
        found = self.areas.get(cells.text(value, most=120))
        if found is None:
            raise Bad("unknown_area")
        return found

    def _before(self, said: Mapping[str, Any], here: Found) -> SubjectInfo | None:
        """The subject that the row is about, None for a new one. Raises Bad."""
        if code := said.get("code"):
            known = here.by_code.get(code)
            if known and not known.active:
                raise Bad("closed_subject")
            return known
        if "name" not in said:
            raise Bad("no_code_no_name")
        same = [one for one in here.by_name.get(said["name"], []) if self._within(one, said)]
        if len(same) > 1:
            raise Bad("several_subjects", n=len(same))
        return same[0] if same else None

    def _within(self, one: SubjectInfo, said: Mapping[str, Any]) -> bool:
        return "parent" not in said or one.parent == said["parent"].id

    def _lacking(self, said: Mapping[str, Any]) -> list[str]:
        needed = ["name", *(["parent"] if self.about.part_of else [])]
        needed += [code for code, fact in self.facts.items() if fact.get("required")]
        return [code for code in needed if code not in said]

    def _put(
        self,
        found: Reading,
        said: Mapping[str, Any],
        before: SubjectInfo | None,
        parents: Mapping[int, str],
    ) -> None:
        above = f"\n{said['parent'].id}" if "parent" in said else ""
        found.key = f"code\n{said['code']}" if "code" in said else f"name\n{said['name']}{above}"
        wanted = found.value = Wanted(before.id if before else None)
        for code, value in said.items():
            new = _spoken(value, self.facts.get(code))
            old = self._old(before, code, parents) if before else ""
            found.shown[code] = new
            if before is not None and new == old and _is(before, code, value):
                continue
            if before is not None:
                found.changes[code] = [old, new]
            self._take(wanted, code, value)
        found.same = before is not None and not found.changes

    def _old(self, before: SubjectInfo, code: str, parents: Mapping[int, str]) -> str:
        if code == "parent":
            return parents.get(before.parent or 0, "")
        if code == "area":
            return self.area_names.get(before.area or 0, "")
        if code in self.facts:
            return _spoken(before.facts.get(self.facts[code]["code"]), self.facts[code])
        return _spoken(getattr(before, code), None)

    def _take(self, wanted: Wanted, code: str, value: Any) -> None:
        if code in self.facts:
            wanted.facts[self.facts[code]["code"]] = value
        else:
            wanted.said[code] = value.id if code in {"parent", "area"} else value

    def do(self, readings: Sequence[Reading], *, person: int, now: datetime) -> list[int | None]:
        return [self._do(one.value) for one in readings]

    def _do(self, wanted: Wanted) -> int:
        if wanted.id is None:
            return actions.create_subject(
                district=self.district,
                kind=self.about.code,
                facts=wanted.facts,
                **wanted.said,
            )
        changes = {**wanted.said, "facts": wanted.facts}
        actions.change_subject(district=self.district, subject=wanted.id, changes=changes)
        return wanted.id


def _is(before: SubjectInfo, code: str, value: Any) -> bool:
    """Two places may be called alike."""
    return code not in {"parent", "area"} or getattr(before, code) == value.id


def fact_column(code: str, fact: Mapping[str, Any]) -> Column:
    choices = " / ".join(one["name"] for one in fact.get("choices") or ())
    return Column(
        code=code,
        label=str(fact["name"]),
        names=tuple(filter(None, (fact["name"], fact.get("name_en"), fact["code"]))),
        required=False,
        help=choices,
    )


def _fact_reader(fact: Mapping[str, Any]) -> Any:
    kind = fact.get("type", "text")
    if kind == "number":
        return _number
    if kind == "date":
        return lambda value: cells.day(value).isoformat()
    if kind == "choice":
        among = {
            str(name).casefold(): one["code"]
            for one in fact.get("choices") or ()
            for name in (one["name"], one.get("name_en"), one["code"])
            if name
        }
        return lambda value: cells.choice(value, among)
    if kind == "uscc":
        return _credit_code
    return lambda value: cells.text(value, most=500)


def _number(value: Any) -> int | float:
    found = cells.number(value)
    return int(found) if found == found.to_integral_value() else float(found)


def _credit_code(value: Any) -> str:
    found = cells.text(value, most=40).upper()
    if not uscc_ok(found):
        raise Bad("credit_code")
    return found


def _spoken(value: Any, fact: Mapping[str, Any] | None) -> str:
    """As people read it, and as the template writes it."""
    if value is None:
        return ""
    if fact and fact.get("type") == "choice":
        names = {one["code"]: one["name"] for one in fact.get("choices") or ()}
        return str(names.get(value, value))
    if hasattr(value, "name"):
        return str(value.name)
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def written(kind: Subjects, one: SubjectInfo, parents: Mapping[int, str]) -> dict[str, Any]:
    """A subject's cells as an export writes them, by column."""
    cells_of: dict[str, Any] = {}
    for column in kind.columns:
        code = column.code
        if code in kind.facts:
            fact = kind.facts[code]
            value = one.facts.get(fact["code"])
            cells_of[code] = value if fact.get("type") == "number" else _spoken(value, fact)
        elif code in {"lat", "lon"}:
            cells_of[code] = getattr(one, code)
        else:
            cells_of[code] = kind._old(one, code, parents)
    return cells_of
