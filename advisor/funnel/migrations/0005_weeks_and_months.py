from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Sum
from django.db.models.functions import TruncMonth, TruncWeek

ROWS_AT_ONCE = 500


def sum_up(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add what was counted before there were spans up by week and by month."""
    for name in ("Total", "SourceTotal"):
        model = apps.get_model("funnel", name)
        same = [
            field.attname
            for field in model._meta.concrete_fields
            if not field.primary_key and field.attname not in {"day", "span", "number"}
        ]
        for span, first in (("week", TruncWeek("day")), ("month", TruncMonth("day"))):
            rows = model.objects.filter(span="day").values(*same, first=first).annotate(whole=Sum("number")).order_by()
            model.objects.bulk_create(
                (model(span=span, day=row.pop("first"), number=row.pop("whole"), **row) for row in list(rows)),
                batch_size=ROWS_AT_ONCE,
            )


def forget(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Keep the sums of days alone."""
    for name in ("Total", "SourceTotal"):
        apps.get_model("funnel", name).objects.exclude(span="day").delete()


class Migration(migrations.Migration):
    dependencies = [("funnel", "0004_spans")]

    operations = [migrations.RunPython(sum_up, forget)]
