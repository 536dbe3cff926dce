from django.urls import path

from luoshi.web.cases import out, views

app_name = "cases"
urlpatterns = [
    path("", views.index, name="index"),
    path("cases.xlsx", out.out, {"kind": "xlsx"}, name="xlsx"),
    path("cases.csv", out.out, {"kind": "csv"}, name="csv"),
    path("views/", views.saved, name="views"),
    path("views/save/", views.save, name="save"),
    path("views/<key:id>/", views.change, name="change"),
]
