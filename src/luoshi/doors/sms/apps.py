from django.apps import AppConfig


class SmsConfig(AppConfig):
    name = "luoshi.doors.sms"
    label = "sms"
