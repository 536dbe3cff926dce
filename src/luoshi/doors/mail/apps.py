from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "luoshi.doors.mail"
    label = "mail"
