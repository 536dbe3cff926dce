from django.urls import path

from luoshi.web.public import views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.after_reporting, name="help"),
    path("report/", views.placeholder, name="report"),
    path("track/", views.placeholder, name="track"),
    path("v/<str:token>/", views.placeholder, name="link"),
]
