from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CasesConfig(AppConfig):
    name = "luoshi.cases"
    label = "cases"

    def ready(self) -> None:
        from luoshi.cases.search import schema

        post_migrate.connect(schema.after_migrate, sender=self)
