from django.urls import path

from luoshi.web.case import pictures, places, post, reveal, show

app_name = "case"
urlpatterns = [
    path("picture/<int:picture>/", pictures.picture, name="picture"),
    path("<int:case>/", show.show, name="show"),
    path("<int:case>/dispatch/", post.do, {"command": "dispatch"}, name="dispatch"),
    path("<int:case>/do/<slug:command>/", post.do, name="do"),
    path("<int:case>/places/", places.places, name="places"),
    path("<int:case>/suggest/", places.suggest, name="suggest"),
    path("<int:case>/reveal/<int:report>/", reveal.reveal, name="reveal"),
]
