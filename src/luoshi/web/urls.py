"""The pages, by who reads them. A room is one folder and one line here."""

from django.conf import settings
from django.urls import include, path, register_converter

from luoshi.web import asked, finding, home, page, style

register_converter(asked.KeyConverter, "key")

urlpatterns = [
    path("", include("luoshi.web.public.urls")),
    path("prefer/", page.prefer, name="prefer"),
    path("sign-in/", include("luoshi.web.signin.urls")),
    path("staff/", home.home, name="staff_home"),
    path("staff/find/", finding.find, name="staff_find"),
    path("desk/", include("luoshi.web.desk.urls")),
    path("handler/", include("luoshi.web.handler.urls")),
    path("verifier/", include("luoshi.web.verifier.urls")),
    path("leader/", include("luoshi.web.leader.urls")),
    path("panel/", include("luoshi.web.panel.urls")),
    path("inspector/", include("luoshi.web.inspector.urls")),
    path("open/", include("luoshi.web.open.urls")),
    path("n/", include("luoshi.web.notices.urls")),
    path("editor/", include("luoshi.web.editor.urls")),
    path("sheets/", include("luoshi.web.sheets.urls")),
    path("case/", include("luoshi.web.case.urls")),
    path("cases/", include("luoshi.web.cases.urls")),
    path("papers/", include("luoshi.web.papers.urls")),
    path("", include("luoshi.web.fields.urls")),
    path("", include("luoshi.web.entries.urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("style/", style.page, name="style"))
