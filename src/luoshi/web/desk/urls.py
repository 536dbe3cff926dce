from django.urls import path

from luoshi.web.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.index, name="index"),
]
