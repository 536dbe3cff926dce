from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "luoshi.publication"
    label = "publication"
