from django.urls import path

from luoshi.web.handler import views

app_name = "handler"
urlpatterns = [
    path("", views.index, name="index"),
    path("<key:case>/<slug:command>/", views.act, name="act"),
]
