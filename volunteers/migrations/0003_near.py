from pathlib import Path

from django.db import migrations, models

from lib.triggers import drop_triggers, triggers_from

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """About where a volunteer sets out, with consent."""

    dependencies = [
        ('volunteers', '0002_guards'),
    ]

    operations = [
        drop_triggers("volunteers_presence"),
        migrations.RemoveConstraint(
            model_name='volunteer',
            name='volunteer_erased_is_empty',
        ),
        migrations.AddField(
            model_name='volunteer',
            name='near_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='agreed to distances'),
        ),
        migrations.AddField(
            model_name='volunteer',
            name='near_lat',
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name='volunteer',
            name='near_lon',
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True),
        ),
        migrations.AddConstraint(
            model_name='volunteer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'erased'), _negated=True), models.Q(('born', None), ('identity_digest', ''), ('identity_tail', ''), ('near_at', None)), _connector='OR'), name='volunteer_erased_is_empty'),
        ),
        migrations.AddConstraint(
            model_name='volunteer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('near_at', None), ('near_lat', None), ('near_lon', None)), models.Q(('near_at__isnull', False), ('near_lat__isnull', False), ('near_lon__isnull', False)), _connector='OR'), name='volunteer_place_is_agreed_to'),
        ),
        triggers_from(SQL, "hours", tables=["volunteers_presence"]),
    ]
