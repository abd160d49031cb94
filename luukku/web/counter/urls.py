"""Addresses of the counter's desk."""

from django.urls import path

from luukku.web.counter import desk, experts, orders, organisations, people

app_name = "counter"
urlpatterns = [
    path("", desk.queue, name="queue"),
    path("home/", desk.home, name="home"),
    path("questions/<int:pk>/", desk.question, name="question"),
    path("letters/<int:pk>/", desk.letter, name="letter"),
    path("debriefs/<int:pk>/", desk.debrief, name="debrief"),
    path("words/", desk.words, name="words"),
    path("words/switch/", desk.switch, name="switch"),
    path("orders/", orders.orders, name="orders"),
    path("orders/new/", orders.new, name="order-new"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/check/", orders.check, name="order-check"),
    path("orders/<int:pk>/move/<slug:move>/", orders.move, name="order-move"),
    path("orders/<int:pk>/decline/", orders.decline, name="order-decline"),
    path("orders/<int:pk>/propose/", orders.propose, name="order-propose"),
    path("orders/<int:pk>/times/", orders.times, name="order-times"),
    path("orders/<int:pk>/give-up/", orders.give_up, name="order-give-up"),
    path("orders/<int:pk>/cancel/", orders.cancel, name="order-cancel"),
    path("orders/<int:pk>/step/<slug:step>/", orders.step, name="order-step"),
    path("offers/<int:pk>/answer/", orders.answer, name="offer-answer"),
    path("tasks/<int:pk>/done/", orders.done, name="task-done"),
    path("tasks/<int:pk>/cancel/", orders.task_cancel, name="task-cancel"),
    path("experts/", experts.experts, name="experts"),
    path("experts/<int:pk>/", experts.expert, name="expert"),
    path("experts/<int:pk>/move/<slug:move>/", experts.move, name="expert-move"),
    path("experts/<int:pk>/send-back/", experts.send_back, name="expert-send-back"),
    path("experts/<int:pk>/trainings/", experts.trainings, name="profile-trainings"),
    path(
        "experts/<int:pk>/trainings/<int:training>/remove/",
        experts.training_remove,
        name="training-remove",
    ),
    path(
        "experts/<int:pk>/trainings/<int:training>/verify/",
        experts.training_verify,
        name="training-verify",
    ),
    path("experts/<int:pk>/<slug:section>/", experts.section, name="profile-section"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.new, name="organisation-new"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/move/<slug:move>/", organisations.move, name="organisation-move"),
    path("organisations/<int:pk>/member/", organisations.add_member, name="add-member"),
    path("members/<int:pk>/contact/", organisations.name_contact, name="name-contact"),
    path("members/<int:pk>/remove/", organisations.remove_member, name="remove-member"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new, name="person-new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/profile/", people.start_profile, name="person-profile"),
    path("people/<int:pk>/roles/", people.roles, name="person-roles"),
]
