"""Every address; the only module that knows all rooms."""

from django.contrib import admin
from django.urls import include, path

from advisor.content import views as content

urlpatterns = [
    path("healthz", content.healthz),
    path("readyz", content.readyz),
    path("admin/", admin.site.urls),
    path("", include("advisor.booking.urls")),
    path("", include("advisor.assessment.urls")),
]

handler400 = "advisor.http.bad_request"
handler403 = "advisor.http.forbidden"
handler404 = "advisor.http.not_found"
handler500 = "advisor.http.server_error"
