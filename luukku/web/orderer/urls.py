"""Addresses of the organisation's desk."""

from django.urls import path

from luukku.web.orderer import (
    changes,
    contact,
    desk,
    events,
    making,
    orders,
    organisation,
    programmes,
    questions,
    training,
)

app_name = "orderer"
urlpatterns = [
    path("", desk.orderer_desk, name="desk"),
    path("experts/", desk.experts, name="experts"),
    path("events/", events.events, name="events"),
    path("events/<int:pk>/", events.ask, name="event-ask"),
    path("calendar/", desk.calendar, name="calendar"),
    path("settings/", desk.settings, name="settings"),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/new/", organisation.register, name="found"),
    path("organisation/units/", organisation.unit_add, name="unit-add"),
    path("organisation/contact/<int:pk>/", organisation.contact_name, name="contact-name"),
    path("questions/<int:pk>/", questions.question, name="question"),
    path("programmes/", programmes.programmes, name="programmes"),
    path("programmes/<int:pk>/", programmes.programme, name="programme"),
    path("programmes/<int:pk>/edit/", programmes.edit, name="programme-edit"),
    path("programmes/<int:pk>/<slug:move>/", programmes.move, name="programme-move"),
    path("runs/", training.runs, name="runs"),
    path("runs/<int:pk>/", training.run, name="run"),
    path("applications/<int:pk>/", training.application, name="application"),
    path("applications/<int:pk>/<slug:act>/", training.application_act, name="application-act"),
    path("orders/", orders.orders, name="orders"),
    path("orders/new/", making.new, name="order-new"),
    path("orders/new/first/", making.begin, name="order-begin"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/check/", making.check, name="order-check"),
    path("orders/<int:pk>/copy/", orders.order_copy, name="order-copy"),
    path("orders/<int:pk>/cancel/", orders.order_cancel, name="order-cancel"),
    path("orders/<int:pk>/contact/", contact.order_contact, name="order-contact"),
    path("orders/<int:pk>/change/", changes.order_change, name="order-change"),
    path("orders/<int:pk>/link/", orders.order_link, name="order-link"),
    path("orders/<int:pk>/changed/", orders.changed, name="changed"),
    path("orders/<int:pk>/steps/<slug:step>/", making.step, name="order-step"),
    path("tasks/<int:pk>/done/", orders.task_done, name="task-done"),
    path("tasks/<int:pk>/cancel/", orders.task_cancel, name="task-cancel"),
    path("tasks/<int:pk>/feedback/", orders.feedback, name="feedback"),
]
