from django.urls import path

from luoshi.web.panel import views

app_name = "panel"
urlpatterns = [
    path("", views.index, name="index"),
]
