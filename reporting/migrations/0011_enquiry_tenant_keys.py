"""Questions to the bureau cannot point to a report of another district, as in 0002."""

from django.db import migrations

# (table, column, parent table)
KEYS = [
    ("reporting_enquiry", "submission_id", "reporting_submission"),
    ("reporting_enquirymessage", "enquiry_id", "reporting_enquiry"),
]


class Migration(migrations.Migration):
    dependencies = [("reporting", "0010_questions_to_the_bureau")]

    operations = [
        migrations.RunSQL(
            sql=(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_tenant FOREIGN KEY ({column}, district_id) "
                f"REFERENCES {parent} (id, district_id) DEFERRABLE INITIALLY DEFERRED"
            ),
            reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_tenant",
        )
        for table, column, parent in KEYS
    ]
