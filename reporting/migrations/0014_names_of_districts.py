"""A report has the name of its district at the end of its period; what there is has the only name that was known."""

from django.db import migrations, models

_FILL = """
    UPDATE reporting_submission AS report SET district_name = district.name, district_name_zh = district.name_zh
    FROM districts_district AS district WHERE district.id = report.district_id
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0013_stamped_scans"), ("districts", "0008_names_by_date")]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="district_name",
            field=models.CharField(default="", max_length=100, verbose_name="name of the district"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="submission",
            name="district_name_zh",
            field=models.CharField(default="", max_length=100, verbose_name="name of the district in Chinese"),
            preserve_default=False,
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
