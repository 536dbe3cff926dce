from django.urls import path

from luoshi.doors.sms import views

app_name = "sms"
urlpatterns = [path("inbound/", views.inbound, name="inbound")]
