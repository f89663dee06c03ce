import learning.tracks.models
from django.db import migrations


class Migration(migrations.Migration):
    """What PostgreSQL has sorted stays as it is; the next start publishes the content anew, in its own order."""

    dependencies = [
        ("learning", "0008_finished"),
    ]

    operations = [
        migrations.AlterField(
            model_name="moduleedition",
            name="document",
            field=learning.tracks.models.OrderedJSON(),
        ),
    ]
