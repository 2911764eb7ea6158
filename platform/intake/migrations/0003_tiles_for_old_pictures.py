from django.db import migrations, models

# Pictures that a phone would see more of: the largest variant shows less than four fifths of their width, and there are no tiles.
# From before there were tiles; none is added later, so it is empty when the job has been through (intake/add_tiles.py).
_INDEX = """
CREATE INDEX pictures_without_tiles ON intake_media (id)
 WHERE kind = 'image' AND tiles_tried_at IS NULL AND NOT variants ? 'tiles'
   AND width_px > 1.25 * (variants -> '1280' ->> 'width')::int
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_notes_and_turn")]

    operations = [
        migrations.AddField(
            model_name="media", name="tiles_tried_at", field=models.DateTimeField(null=True)
        ),
        migrations.RunSQL(_INDEX, "DROP INDEX pictures_without_tiles"),
    ]
