"""Addresses of the expert's desk."""

from django.urls import path

from luukku.web.expert import calls, coping, offers, profile, tasks

app_name = "expert"
urlpatterns = [
    path("", tasks.expert_desk, name="desk"),
    path("start/", profile.start, name="start"),
    path("settings/", profile.settings, name="settings"),
    path("profile/", profile.overview, name="profile"),
    path("profile/preview/", profile.preview, name="preview"),
    path("profile/send/", profile.send, name="profile-send"),
    path("profile/leave/", profile.leave, name="profile-leave"),
    path("profile/delete/", profile.erase, name="profile-erase"),
    path("profile/break/", profile.pause, name="pause"),
    path("profile/trainings/", profile.trainings, name="profile-trainings"),
    path("profile/trainings/<int:pk>/remove/", profile.training_remove, name="training-remove"),
    path("profile/background/organisations/", profile.behind, name="behind"),
    path("profile/<slug:section>/", profile.section, name="profile-section"),
    path("offers/", offers.offers, name="offers"),
    path("offers/<int:pk>/", offers.offer, name="offer"),
    path("offers/<int:pk>/accept/", offers.accept, name="offer-accept"),
    path("offers/<int:pk>/decline/", offers.decline, name="offer-decline"),
    path("offers/<int:pk>/dates/", offers.answer_together, name="offer-dates"),
    path("calls/", calls.calls, name="calls"),
    path("calls/<int:pk>/", calls.call, name="call"),
    path("calls/<int:pk>/sign-up/", calls.sign_up, name="sign-up"),
    path("sign-ups/<int:pk>/take-back/", calls.take_back, name="take-back"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/cancel/", tasks.cancel, name="task-cancel"),
    path("tasks/<int:pk>/calendar.ics", tasks.calendar_entry, name="task-calendar"),
    path("tasks/<int:pk>/done/", tasks.done, name="task-done"),
    path("tasks/<int:pk>/feedback/", tasks.feedback, name="feedback"),
    path("tasks/<int:pk>/debrief/", tasks.debrief, name="debrief"),
    path("coping/", coping.coping, name="coping"),
    path("coping/<int:pk>/talk/", coping.talk, name="coping-talk"),
    path("coping/<int:pk>/dismiss/", coping.dismiss, name="coping-dismiss"),
    path("coping/<int:pk>/reopen/", coping.reopen, name="coping-reopen"),
    path("calendar/", tasks.calendar, name="calendar"),
]
