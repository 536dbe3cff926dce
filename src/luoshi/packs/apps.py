from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "luoshi.packs"
    label = "packs"
