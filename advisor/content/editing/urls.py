"""The addresses of our own pages about a guide, inside the admin: ``admin:content_guide_<name>``."""

from django.contrib import admin
from django.urls import URLPattern, path

from advisor.content.editing import (
    drawing,
    files,
    history,
    ordering,
    overview,
    previews,
    proving,
    publishing,
    rows,
    table,
)

urlpatterns: list[URLPattern] = [
    path("import/", admin.site.admin_view(files.import_file), name="content_guide_import"),
    # /admin/content/guide/<id>/
    path("<int:guide_id>/", overview.overview, name="content_guide_overview"),
    path("<int:guide_id>/state/<slug:change>/", overview.state, name="content_guide_state"),
    path("<int:guide_id>/proof/", proving.proof, name="content_guide_proof"),
    path("<int:guide_id>/publish/", publishing.publish_draft, name="content_guide_publish"),
    path("<int:guide_id>/editions/", publishing.editions, name="content_guide_editions"),
    path("<int:guide_id>/editions/<int:number>/", publishing.edition, name="content_guide_edition"),
    path(
        "<int:guide_id>/editions/<int:number>/publish/",
        publishing.publish_edition,
        name="content_guide_publish_edition",
    ),
    path("<int:guide_id>/copy/", files.copy, name="content_guide_copy"),
    path("<int:guide_id>/export/", files.export, name="content_guide_export"),
    path("<int:guide_id>/editions/<int:number>/export/", files.export_edition, name="content_edition_export"),
    path("<int:guide_id>/drawing/", drawing.drawing, name="content_guide_drawing"),
    path("<int:guide_id>/editions/<int:number>/drawing/", drawing.edition_drawing, name="content_edition_drawing"),
    path("<int:guide_id>/sheet/", drawing.sheet, name="content_guide_sheet"),
    path("<int:guide_id>/editions/<int:number>/sheet/", drawing.edition_sheet, name="content_edition_sheet"),
    path("<int:guide_id>/table/", table.table, name="content_guide_table"),
    path("<int:guide_id>/rules/", rows.rules, name="content_guide_rules"),
    path("<int:guide_id>/remarks/", rows.remarks, name="content_guide_remarks"),
    path("<int:guide_id>/order/<slug:kind>/", ordering.order, name="content_guide_order"),
    path("<int:guide_id>/order/choices/<slug:key>/", ordering.choices, name="content_guide_order_choices"),
    path("<int:guide_id>/previews/", previews.previews, name="content_guide_previews"),
    path("<int:guide_id>/previews/walk/", previews.walk, name="content_preview_walk"),
    path("<int:guide_id>/previews/<int:link_id>/revoke/", previews.revoke_link, name="content_preview_revoke"),
    path("<int:guide_id>/changes/", history.changes, name="content_guide_changes"),
]
