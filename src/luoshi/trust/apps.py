from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "luoshi.trust"
    label = "trust"
