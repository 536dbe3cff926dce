from django.urls import path

from luoshi.web.open import feed, views

app_name = "open"
urlpatterns = [
    path("", views.index, name="index"),
    path("streets/", views.streets, name="streets"),
    path("feed.xml", feed.feed, name="feed"),
    path("<slug:name>/", views.show, name="show"),
]
