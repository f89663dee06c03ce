"""A key is published before it signs. Those that are there sign already."""

from typing import Any

from django.db import migrations, models
from django.db.models import F, Q


def sign_from_the_beginning(apps: Any, schema_editor: Any) -> None:
    apps.get_model("lti", "SigningKey").objects.update(signs_from=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("lti", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="signingkey", name="one_current_signing_key_a_purpose"),
        migrations.AddField(
            model_name="signingkey", name="signs_from", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunPython(sign_from_the_beginning, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.UniqueConstraint(
                condition=Q(("retired_at__isnull", True), ("signs_from__isnull", False)),
                fields=("purpose",),
                name="one_current_signing_key_a_purpose",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.UniqueConstraint(
                condition=Q(("retired_at__isnull", True), ("signs_from__isnull", True)),
                fields=("purpose",),
                name="one_next_signing_key_a_purpose",
            ),
        ),
    ]
