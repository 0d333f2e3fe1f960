from django.db import migrations

UNITS = {
    "100m CNY": "亿元", "%": "%", "firms": "家", "patents": "件", "models": "个", "PFLOPS": "PFLOPS", "stations": "个",
    "per 10k": "个/万人", "scenarios": "个", "10k people": "万人",
}


def fill(apps, schema_editor):
    """The wording of what came with the portal; the bureau's own units stay as they are until somebody words them."""
    for unit, unit_zh in UNITS.items():
        apps.get_model("reporting", "Indicator").objects.filter(unit=unit, unit_zh="").update(unit_zh=unit_zh)
    apps.get_model("reporting", "ReminderPolicy").objects.filter(name="Standard ladder", name_zh="").update(name_zh="标准催报规则")


class Migration(migrations.Migration):
    dependencies = [("reporting", "0006_chinese_names")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
