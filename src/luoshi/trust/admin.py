"""For looking only: who looked at what, and what was erased. What the vault holds is not shown."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from luoshi.trust.models import Erasure, LogLeaf, RevealRecord, VaultRecord

if TYPE_CHECKING:  # generic for the type checker only
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


class LookOnly(_ModelAdmin):
    ordering = ["-pk"]
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(LogLeaf)
class LogLeafAdmin(LookOnly):
    list_display = ["id", "district_id"]


@admin.register(VaultRecord)
class VaultRecordAdmin(LookOnly):
    list_display = ["id", "district_id", "kind", "created_at", "erased_at"]


@admin.register(RevealRecord)
class RevealRecordAdmin(LookOnly):
    list_display = ["id", "district_id", "at", "by", "vault_id", "file_sha256", "reason"]


@admin.register(Erasure)
class ErasureAdmin(LookOnly):
    list_display = ["id", "district_id", "at", "by", "vault_id", "picture_id", "reason"]
