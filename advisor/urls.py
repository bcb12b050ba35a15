"""Every address; the only module that knows all rooms."""

from django.contrib import admin
from django.urls import path

from advisor.assessment import urls as assessment
from advisor.booking import urls as booking
from advisor.content import views as content
from advisor.feedback import urls as feedback
from advisor.mailing import urls as mailing

# One list of all rooms' addresses is searched faster than a list of lists.
urlpatterns = [
    path("healthz", content.healthz),
    path("readyz", content.readyz),
    path("admin/", admin.site.urls),
    *booking.urlpatterns,
    *mailing.urlpatterns,
    *feedback.urlpatterns,
    *assessment.urlpatterns,
]

handler400 = "advisor.http.bad_request"
handler403 = "advisor.http.forbidden"
handler404 = "advisor.http.not_found"
handler500 = "advisor.http.server_error"
