import pytest
from django.core.cache.backends.db import DatabaseCache
from django.db import connection


@pytest.mark.django_db
def test_the_table_that_web_processes_count_guesses_in_comes_with_the_migrations() -> None:
    assert "infra_cache" in connection.introspection.table_names()
    one, other = (DatabaseCache("infra_cache", {}) for _ in range(2))
    one.set("guesses", 3)
    assert other.get("guesses") == 3
