from django.urls import path

from luoshi.web.desk import bulk, intake, old, phone, shift, suggestions, views

app_name = "desk"
urlpatterns = [
    path("", views.index, name="index"),
    path("next/", views.following, name="next"),
    path("merge/", bulk.merge, name="merge"),
    path("unmerge/", bulk.unmerge, name="unmerge"),
    path("storm/<key:order>/end/", bulk.end_order, name="storm_end"),
    path("new/", intake.new, name="new"),
    path("new/hints/", intake.known, name="hints"),
    path("suggestions/", suggestions.page, name="suggestions"),
    path("handover/", shift.handover, name="handover"),
    path("handover/<key:handover>/", shift.take, name="take"),
    path("phone/", phone.phone, name="phone"),
    path("phone/<key:case>/", phone.not_reached, name="not_reached"),
    path("old/", old.old, name="old"),
]
