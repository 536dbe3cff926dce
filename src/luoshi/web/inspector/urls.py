from django.urls import path

from luoshi.web.inspector import views

app_name = "inspector"
urlpatterns = [
    path("", views.index, name="index"),
]
