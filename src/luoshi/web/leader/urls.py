from django.urls import path

from luoshi.web.leader import views

app_name = "leader"
urlpatterns = [
    path("", views.index, name="index"),
    path("brief.pdf", views.brief, name="brief"),
    path("load/", views.load, name="load"),
    path("spreading/", views.place, name="place"),
    path("<key:case>/<slug:command>/", views.act, name="act"),
]
