from django.urls import path

from luoshi.web.leader import views

app_name = "leader"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:case>/<slug:command>/", views.act, name="act"),
]
