from datetime import datetime

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from luoshi.trust import vault
from luoshi.trust.models import Erasure, LogLeaf, RevealRecord, VaultRecord

MODELS = [LogLeaf, VaultRecord, RevealRecord, Erasure]


@pytest.mark.parametrize("model", MODELS)
def test_the_admin_changes_nothing_of_the_log_or_the_vault(model: type) -> None:
    shown = admin.site.get_model_admin(model)
    request = RequestFactory().get("/")
    request.user = get_user_model()(username="root", is_superuser=True, is_staff=True)
    may = shown.get_model_perms(request)
    assert may == {"add": False, "change": False, "delete": False, "view": True}


@pytest.mark.django_db
def test_the_admin_does_not_show_what_the_vault_holds(now: datetime) -> None:
    vault_id = vault.store_text(district=1, text="绿地被挖", sealed=False, now=now)
    shown = admin.site.get_model_admin(VaultRecord)
    request = RequestFactory().get("/")
    fields = shown.get_fields(request, VaultRecord.objects.get(pk=vault_id))
    assert set(fields) == {"id", "district_id", "kind", "created_at", "erased_at"}
    assert set(shown.list_display) == set(fields)
