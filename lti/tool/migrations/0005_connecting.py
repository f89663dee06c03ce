from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lti_tool", "0004_deep_linking")]

    operations = [
        migrations.AddField(
            model_name="invitation", name="busy_until", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="launchrecord", name="deployment_id", field=models.CharField(blank=True, max_length=255)
        ),
    ]
