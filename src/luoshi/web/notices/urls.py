from django.urls import path

from luoshi.web.notices import feed, views

app_name = "notices"
urlpatterns = [
    path("", views.index, name="index"),
    path("feed.xml", feed.feed, name="feed"),
    path("<slug:number>/", views.show, name="show"),
    path("<slug:number>/print/", views.paper, name="print"),
    path("<slug:number>/<key:version>/", views.show, name="version"),
]
