from django.urls import path

from luoshi.web.desk import intake, old, views

app_name = "desk"
urlpatterns = [
    path("", views.index, name="index"),
    path("next/", views.following, name="next"),
    path("new/", intake.new, name="new"),
    path("old/", old.old, name="old"),
]
