"""What the registry tells about itself: values, never rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Outline = Mapping[str, Any]
"""A GeoJSON geometry (Polygon or MultiPolygon, WGS 84 longitude and latitude)."""


@dataclass(frozen=True, slots=True)
class DistrictInfo:
    id: int
    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class AreaInfo:
    id: int
    code: str
    name: str
    kind: str
    parent: int | None


@dataclass(frozen=True, slots=True)
class UnitInfo:
    id: int
    district: int
    name: str
    name_en: str
    kind: str
    parent: int | None
    area: int | None
    acts_for: int | None
    active: bool
    phone: str = ""  # for the public


@dataclass(frozen=True, slots=True)
class PersonInfo:
    id: int
    name: str
    username: str
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role that somebody holds: in which district, in which unit."""

    district: int
    unit: int
    role: str


@dataclass(frozen=True, slots=True)
class SubjectInfo:
    id: int
    kind: str
    name: str
    area: int | None
    address: str
    lat: float | None
    lon: float | None
    operator: int | None
    active: bool
    parent: int | None = None
    code: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NearSubject:
    """A subject and its distance in metres."""

    subject: SubjectInfo
    metres: int


@dataclass(frozen=True, slots=True)
class DutyInfo:
    id: int
    unit: int
    person: int | None
    subject: int | None
    area: int | None
    category: str
    valid_from: date
    valid_to: date | None
