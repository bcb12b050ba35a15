"""The addresses of our own pages about a guide, inside the admin: ``admin:content_guide_<name>``."""

from django.urls import URLPattern, path

from advisor.content.editing import overview

urlpatterns: list[URLPattern] = [
    # /admin/content/guide/<id>/
    path("<int:guide_id>/", overview.overview, name="content_guide_overview"),
]
