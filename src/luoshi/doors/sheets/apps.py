from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "luoshi.doors.sheets"
    label = "sheets"
