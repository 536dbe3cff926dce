from django.urls import path

from luoshi.web.inspector import new, views

app_name = "inspector"
urlpatterns = [
    path("", views.index, name="index"),
    path("open/", views.open_cases, name="open"),
    path("closed/", views.closed_cases, name="closed"),
    path("problems/", views.problems, name="problems"),
    path("new/", new.new, name="new"),
    path("sealed/<key:report>/", views.sealed, name="sealed"),
    path("<key:case>/<slug:command>/", views.act, name="act"),
]
