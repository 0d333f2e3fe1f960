"""A child row cannot point to a parent of another district: foreign keys that carry the district.

`makemigrations` does not see these; tests/reporting/test_tenant_keys.py reads them from the catalogue.
"""

from django.db import migrations

# (table, columns, parent table, parent columns)
KEYS = [
    ("reporting_revision", "submission_id, district_id", "reporting_submission", "id, district_id"),
    ("reporting_answer", "revision_id, district_id", "reporting_revision", "id, district_id"),
    ("reporting_comment", "submission_id, district_id", "reporting_submission", "id, district_id"),
    ("reporting_comment", "revision_id, submission_id, district_id", "reporting_revision", "id, submission_id, district_id"),
    ("reporting_event", "submission_id, district_id", "reporting_submission", "id, district_id"),
    ("reporting_event", "revision_id, submission_id, district_id", "reporting_revision", "id, submission_id, district_id"),
    ("reporting_submission", "working_revision_id, id, district_id", "reporting_revision", "id, submission_id, district_id"),
    ("reporting_submission", "approved_revision_id, id, district_id", "reporting_revision", "id, submission_id, district_id"),
]


def _name(table: str, columns: str) -> str:
    return f"{table}_{columns.split(',')[0]}_tenant"


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=(
                f"ALTER TABLE {table} ADD CONSTRAINT {_name(table, columns)} FOREIGN KEY ({columns}) "
                f"REFERENCES {parent} ({parent_columns}) DEFERRABLE INITIALLY DEFERRED"
            ),
            reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {_name(table, columns)}",
        )
        for table, columns, parent, parent_columns in KEYS
    ]
