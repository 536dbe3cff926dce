from django.urls import path

from luoshi.web.papers import views

app_name = "papers"
urlpatterns = [
    path("case/<key:case>/<slug:paper>/", views.case, name="case"),
    path("round/<key:id>/<slug:paper>/", views.round, name="round"),
    path("field/<slug:code>/<slug:paper>/", views.field, name="field"),
    path("problems/", views.problems, name="problems"),
]
