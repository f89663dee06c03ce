from typing import Any

from django.db import migrations, models
from django.db.models import F


def finish(apps: Any, schema_editor: Any) -> None:
    """Whoever had done their module, had done all that their edition asks."""
    enrolments = apps.get_model("learning", "Enrolment").objects
    enrolments.filter(completed_at__isnull=False, done__gte=F("edition__required")).update(finished_at=F("completed_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0007_frame"),
    ]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="finished_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(finish, migrations.RunPython.noop),
    ]
