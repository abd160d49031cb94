"""The numbers in the rules that tell signs of load (``luukku.coping.queries``); each is the region's to set."""

from environ import Env


def coping(env: Env) -> dict[str, int]:
    """Return the numbers by the names that the rules know them by."""
    return {
        "debrief_days": env.int("LUUKKU_COPING_DEBRIEF_DAYS", default=14),
        "many_days": env.int("LUUKKU_COPING_MANY_DAYS", default=30),
        "many_least": env.int("LUUKKU_COPING_MANY_LEAST", default=5),
        "many_times": env.int("LUUKKU_COPING_MANY_TIMES", default=2),
        "rest_days": env.int("LUUKKU_COPING_REST_DAYS", default=14),
        "rest_within_days": env.int("LUUKKU_COPING_REST_WITHIN_DAYS", default=182),
        "unheard_in_row": env.int("LUUKKU_COPING_UNHEARD_IN_ROW", default=2),
        "unheard_most": env.int("LUUKKU_COPING_UNHEARD_MOST", default=2),
        "silent_in_row": env.int("LUUKKU_COPING_SILENT_IN_ROW", default=3),
        "peer_days": env.int("LUUKKU_COPING_PEER_DAYS", default=365),
        "peer_least": env.int("LUUKKU_COPING_PEER_LEAST", default=2),
        "peer_most": env.int("LUUKKU_COPING_PEER_MOST", default=4),
        "look_back_days": env.int("LUUKKU_COPING_LOOK_BACK_DAYS", default=180),
        "talk_days": env.int("LUUKKU_COPING_TALK_DAYS", default=365),
        "training_days": env.int("LUUKKU_COPING_TRAINING_DAYS", default=730),
        "remind_days": env.int("LUUKKU_COPING_REMIND_DAYS", default=30),
        "call_after": env.int("LUUKKU_COPING_CALL_AFTER", default=3),
        "counter_after_days": env.int("LUUKKU_COPING_COUNTER_AFTER_DAYS", default=7),
    }
