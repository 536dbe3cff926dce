"""All addresses. A door is one line here."""

from django.contrib import admin
from django.urls import include, path

from luoshi.web import staff

admin.autodiscover()
# The administration goes through the same door as everybody: one sign-in, one second factor.
admin.site.login = staff.admin_door  # type: ignore[assignment, method-assign]
admin.site.has_permission = staff.may_administer  # type: ignore[method-assign]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("doors/sms/", include("luoshi.doors.sms.urls")),
    path("", include("luoshi.web.urls")),
]
