from django.urls import path

from luoshi.web.case import earlier, pictures, places, post, reveal, show

app_name = "case"
urlpatterns = [
    path("picture/<key:picture>/", pictures.picture, name="picture"),
    path("<key:case>/", show.show, name="show"),
    path("<key:case>/dispatch/", post.do, {"command": "dispatch"}, name="dispatch"),
    path("<key:case>/do/<slug:command>/", post.do, name="do"),
    path("<key:case>/earlier/", earlier.earlier, name="earlier"),
    path("<key:case>/older/", earlier.options, name="older"),
    path("<key:case>/places/", places.places, name="places"),
    path("<key:case>/suggest/", places.suggest, name="suggest"),
    path("<key:case>/reveal/<key:report>/", reveal.reveal, name="reveal"),
]
