"""The addresses of our own pages about a guide, inside the admin: ``admin:content_guide_<name>``."""

from django.urls import URLPattern, path

from advisor.content.editing import history, ordering, overview, rows, table

urlpatterns: list[URLPattern] = [
    # /admin/content/guide/<id>/
    path("<int:guide_id>/", overview.overview, name="content_guide_overview"),
    path("<int:guide_id>/table/", table.table, name="content_guide_table"),
    path("<int:guide_id>/rules/", rows.rules, name="content_guide_rules"),
    path("<int:guide_id>/remarks/", rows.remarks, name="content_guide_remarks"),
    path("<int:guide_id>/order/<slug:kind>/", ordering.order, name="content_guide_order"),
    path("<int:guide_id>/order/choices/<slug:key>/", ordering.choices, name="content_guide_order_choices"),
    path("<int:guide_id>/changes/", history.changes, name="content_guide_changes"),
]
