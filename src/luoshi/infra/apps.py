from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class InfraConfig(AppConfig):
    name = "luoshi.infra"
    label = "infra"

    def ready(self) -> None:
        from luoshi.infra import triggers

        post_migrate.connect(triggers.after_migrate, sender=self)
        checks.register(triggers.check, "database")
