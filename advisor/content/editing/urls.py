"""The addresses of our own pages about a guide, inside the admin: ``admin:content_guide_<name>``."""

from django.urls import URLPattern, path

from advisor.content.editing.condition_table import views as condition_table
from advisor.content.editing.views import (
    changes,
    comparison_table,
    draft_from,
    files,
    ordering,
    overview,
    preview_links,
    printouts,
    proof,
    publish,
)
from advisor.content.editing.walks import views as walks

urlpatterns: list[URLPattern] = [
    path("import/", files.import_file, name="content_guide_import"),
    path("begin/", walks.begin_guide, name="content_guide_begin"),
    # /admin/content/guide/<id>/
    path("<int:guide_id>/", overview.overview, name="content_guide_overview"),
    path("<int:guide_id>/state/<slug:change>/", overview.state, name="content_guide_state"),
    path("<int:guide_id>/proof/", proof.proof, name="content_guide_proof"),
    path("<int:guide_id>/publish/", publish.publish_draft, name="content_guide_publish"),
    path("<int:guide_id>/editions/", publish.editions, name="content_guide_editions"),
    path("<int:guide_id>/editions/<int:number>/", publish.edition, name="content_guide_edition"),
    path(
        "<int:guide_id>/editions/<int:number>/publish/",
        publish.publish_edition,
        name="content_guide_publish_edition",
    ),
    path("<int:guide_id>/editions/<int:number>/draft/", draft_from.draft_from_edition, name="content_guide_draft_from"),
    path("<int:guide_id>/throw-away/", overview.throw_away, name="content_guide_throw_away"),
    path("<int:guide_id>/copy/", files.copy, name="content_guide_copy"),
    path("<int:guide_id>/export/", files.export, name="content_guide_export"),
    path("<int:guide_id>/editions/<int:number>/export/", files.export_edition, name="content_edition_export"),
    path("<int:guide_id>/drawing/", printouts.drawing, name="content_guide_drawing"),
    path("<int:guide_id>/editions/<int:number>/drawing/", printouts.edition_drawing, name="content_edition_drawing"),
    path("<int:guide_id>/sheet/", printouts.sheet, name="content_guide_sheet"),
    path("<int:guide_id>/editions/<int:number>/sheet/", printouts.edition_sheet, name="content_edition_sheet"),
    path("<int:guide_id>/table/", comparison_table.table, name="content_guide_table"),
    path("<int:guide_id>/rules/", condition_table.rules, name="content_guide_rules"),
    path("<int:guide_id>/remarks/", condition_table.remarks, name="content_guide_remarks"),
    path("<int:guide_id>/needs/<slug:key>/", condition_table.need, name="content_guide_need"),
    path("<int:guide_id>/order/<slug:kind>/", ordering.order, name="content_guide_order"),
    path("<int:guide_id>/order/choices/<slug:key>/", ordering.choices, name="content_guide_order_choices"),
    path("<int:guide_id>/begin/<slug:step>/", walks.guide_step, name="content_guide_guide_step"),
    path("<int:guide_id>/roles/add/", walks.add_role, name="content_guide_add_role"),
    path("<int:guide_id>/roles/<slug:key>/done/", walks.role_done, name="content_guide_role_done"),
    path("<int:guide_id>/roles/<slug:key>/<slug:step>/", walks.role_step, name="content_guide_role_step"),
    path("<int:guide_id>/previews/", preview_links.previews, name="content_guide_previews"),
    path("<int:guide_id>/previews/walk/", preview_links.walk, name="content_preview_walk"),
    path("<int:guide_id>/previews/<int:link_id>/revoke/", preview_links.revoke_link, name="content_preview_revoke"),
    path("<int:guide_id>/changes/", changes.changes, name="content_guide_changes"),
]
