from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_event_leaf_once'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='begun',
            field=models.BooleanField(default=False),
        ),
    ]
