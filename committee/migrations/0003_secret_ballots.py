from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import committee.models.votes
from lib.triggers import append_only, drop_triggers, triggers_from

SQL = Path(__file__).parent / "sql"
KEYED = ["committee_progress", "committee_activity"]
APPEND_ONLY = ["committee_voice", "committee_recusal", "committee_decision"]
GUARDED = ["committee_ballot", "committee_invitation", *APPEND_ONLY]
NEW = ["committee_turnout", "committee_paper"]


class Migration(migrations.Migration):
    """Secret ballots; keys with which a client may send progress and activities again."""

    dependencies = [
        ('committee', '0002_guards'),
    ]

    operations = [
        drop_triggers(*GUARDED, *KEYED),
        migrations.AddField(
            model_name='activity',
            name='client_key',
            field=models.CharField(blank=True, editable=False, max_length=80, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='ballot',
            name='is_secret',
            field=models.BooleanField(default=False, verbose_name='secret'),
        ),
        migrations.AddField(
            model_name='ballot',
            name='on_people',
            field=models.BooleanField(default=False, verbose_name='about people'),
        ),
        migrations.AddField(
            model_name='meetingkind',
            name='secret_on_people',
            field=models.BooleanField(default=True, help_text='Elections, appointments, sanctions: nobody sees how anybody votes.', verbose_name='votes on people are secret'),
        ),
        migrations.AddField(
            model_name='progress',
            name='client_key',
            field=models.CharField(blank=True, editable=False, max_length=80, null=True, unique=True),
        ),
        migrations.CreateModel(
            name='PaperRight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ballot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='committee.ballot')),
            ],
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(default=committee.models.votes.chance_key, primary_key=True, serialize=False)),
                ('choice', models.CharField(choices=[('for', 'For'), ('against', 'Against'), ('abstain', 'Abstain')], max_length=8, verbose_name='choice')),
                ('sealed', models.BooleanField(default=False)),
                ('ballot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='committee.ballot')),
            ],
            options={
                'verbose_name': 'paper of a secret ballot',
                'verbose_name_plural': 'papers of secret ballots',
                'constraints': [models.CheckConstraint(condition=models.Q(('choice__in', ['for', 'against', 'abstain'])), name='paper_is_a_choice')],
            },
        ),
        migrations.CreateModel(
            name='Turnout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ballot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turnout', to='committee.ballot')),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turnout', to='committee.invitation')),
            ],
            options={
                'verbose_name': 'person who voted in secret',
                'verbose_name_plural': 'people who voted in secret',
                'constraints': [models.UniqueConstraint(fields=('ballot', 'invitation'), name='turnout_once')],
            },
        ),
        triggers_from(SQL, "votes", tables=[]),
        triggers_from(SQL, "secrecy", tables=NEW),
        *(append_only(table) for table in [*APPEND_ONLY, *KEYED, "committee_turnout"]),
    ]
