"""Questions and answers become the first messages of their threads; the encrypted text moves as it is.

Open questions get the promise that held when they were asked, in plain days: three working days are
never more than five days here, except at Christmas.
"""

from django.db import migrations

MOVE = """
INSERT INTO guidance_message (question_id, side, words, by_id, organisation_id, at)
  SELECT id, 'asker', words, asked_by_id, NULL, asked_at FROM guidance_question ORDER BY id;
INSERT INTO guidance_message (question_id, side, words, by_id, organisation_id, at)
  SELECT id, 'counter', answer, answered_by_id, NULL, coalesce(state_changed_at, asked_at)
  FROM guidance_question WHERE answer <> '' ORDER BY id;
UPDATE guidance_question
  SET due_on = (asked_at AT TIME ZONE 'Europe/Helsinki')::date + 5,
      remind_on = (asked_at AT TIME ZONE 'Europe/Helsinki')::date + 4
  WHERE state = 'asked';
"""
MOVE_BACK = """
UPDATE guidance_question q SET words = m.words FROM guidance_message m
  WHERE m.id = (SELECT min(id) FROM guidance_message WHERE question_id = q.id AND side = 'asker');
UPDATE guidance_question q SET answer = m.words, answered_by_id = m.by_id FROM guidance_message m
  WHERE m.id = (SELECT max(id) FROM guidance_message WHERE question_id = q.id AND side = 'counter');
DELETE FROM guidance_message;
UPDATE guidance_question SET due_on = NULL, remind_on = NULL;
"""


class Migration(migrations.Migration):

    dependencies = [("guidance", "0002_threads")]

    operations = [migrations.RunSQL(MOVE, MOVE_BACK)]
