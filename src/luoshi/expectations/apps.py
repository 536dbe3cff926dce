from django.apps import AppConfig


class ExpectationsConfig(AppConfig):
    name = "luoshi.expectations"
    label = "expectations"
