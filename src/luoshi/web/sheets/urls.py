from django.urls import path

from luoshi.web.sheets import commands, out, views

app_name = "sheets"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/<slug:kind>/", views.new, name="new"),
    path("template/<slug:kind>/", out.template, name="template"),
    path("<key:id>/", views.show, name="show"),
    path("<key:id>/bad.xlsx", out.bad, name="bad"),
    path("<key:id>/<slug:command>/", commands.do, name="do"),
]
