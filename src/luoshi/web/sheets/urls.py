from django.urls import path

from luoshi.web.sheets import commands, out, views

app_name = "sheets"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/<slug:kind>/", views.new, name="new"),
    path("template/<slug:kind>/", out.template, name="template"),
    path("<int:id>/", views.show, name="show"),
    path("<int:id>/bad.xlsx", out.bad, name="bad"),
    path("<int:id>/<slug:command>/", commands.do, name="do"),
]
