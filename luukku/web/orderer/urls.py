"""Addresses of the organisation's desk."""

from django.urls import path

from luukku.web.orderer import orders, organisation

app_name = "orderer"
urlpatterns = [
    path("", organisation.desk, name="desk"),
    path("register/", organisation.found, name="found"),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/unit/", organisation.add_unit, name="add-unit"),
    path("experts/", organisation.experts, name="experts"),
    path("orders/", orders.orders, name="orders"),
    path("orders/new/", orders.new, name="order-new"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/check/", orders.check, name="order-check"),
    path("orders/<int:pk>/copy/", orders.copy, name="order-copy"),
    path("orders/<int:pk>/cancel/", orders.cancel, name="order-cancel"),
    path("orders/<int:pk>/changed/", orders.changed, name="changed"),
    path("orders/<int:pk>/<slug:step>/", orders.step, name="order-step"),
    path("tasks/<int:pk>/done/", orders.done, name="task-done"),
    path("tasks/<int:pk>/feedback/", orders.feedback, name="feedback"),
]
