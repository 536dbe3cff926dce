from django.urls import path

from luoshi.web.editor import views

app_name = "editor"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("<key:id>/", views.show, name="show"),
    path("<key:id>/text/", views.edit, name="edit"),
    path("<key:id>/<slug:command>/", views.do, name="do"),
]
