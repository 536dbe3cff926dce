from django.urls import path

from luoshi.web.verifier import views

app_name = "verifier"
urlpatterns = [
    path("", views.index, name="index"),
    path("<key:case>/", views.task, name="task"),
]
