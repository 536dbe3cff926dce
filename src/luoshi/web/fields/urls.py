from django.urls import path

from luoshi.web.fields import (
    check,
    due,
    open_to_all,
    phone,
    pictures,
    places,
    rounds,
    starting,
    views,
)

app_name = "fields"
urlpatterns = [
    path("fields/", views.index, name="index"),
    path("fields/<slug:code>/", views.show, name="show"),
    path("fields/<slug:code>/<slug:kind>/", views.kind, name="kind"),
    path("fields/<slug:code>/at/<key:id>/<slug:result>/", views.standing, name="standing"),
    path("check-worker.js", phone.worker, name="worker"),
    path("rounds/", rounds.index, name="rounds"),
    path("rounds/new/", starting.new, name="round_new"),
    path("rounds/here/", phone.here, name="here"),
    path("rounds/kept/", phone.kept, name="kept"),
    path("rounds/<key:id>/", rounds.show, name="round"),
    path("draws/<key:id>/", open_to_all.draw, name="draw"),
    path("due/", due.due, name="due"),
    path("places/", open_to_all.places, name="places"),
    path("places/<key:id>/", open_to_all.place, name="place"),
    path("subjects/<key:id>/", places.subject, name="subject"),
    path("subjects/<key:id>/check/", check.check, name="check"),
    path("subjects/<key:id>/checked/<key:look>/", check.checked, name="checked"),
    path("subjects/pictures/<key:id>/", pictures.picture, name="picture"),
]
