from django.urls import URLPattern

app_name = "case"
urlpatterns: list[URLPattern] = []
