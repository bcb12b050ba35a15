"""Every address; the only module that knows all rooms."""

from django.contrib import admin
from django.urls import include, path, register_converter
from django.urls.converters import SlugConverter

from advisor.assessment import urls as assessment
from advisor.assessment.views import front
from advisor.booking import urls as booking
from advisor.content import views as content
from advisor.decision.guide_checks import RESERVED_GUIDE_KEYS
from advisor.feedback import urls as feedback
from advisor.mailing import urls as mailing
from advisor.operation.views import metrics


class GuideKeyConverter(SlugConverter):
    """A first segment that means nothing else."""

    regex = rf"(?!(?:{'|'.join(sorted(RESERVED_GUIDE_KEYS))})/){SlugConverter.regex}"


register_converter(GuideKeyConverter, "guide")

# Django tries one after the other, so what is asked for most comes first.
urlpatterns = [
    path("", front, name="front"),
    path(
        "<guide:guide_key>/",
        # A question may have any key that none of the other addresses has, so those of the walk come last.
        include([*booking.of_a_guide, *mailing.of_a_guide, *feedback.of_a_guide, *assessment.of_a_guide]),
    ),
    *assessment.urlpatterns,
    *booking.urlpatterns,
    *mailing.urlpatterns,
    path("healthz", content.healthz),
    path("readyz", content.readyz),
    path("metrics", metrics),
    path("admin/", admin.site.urls),
]

handler400 = "advisor.http.bad_request"
handler403 = "advisor.http.forbidden"
handler404 = "advisor.http.not_found"
handler500 = "advisor.http.server_error"
