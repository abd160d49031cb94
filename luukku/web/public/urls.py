"""Addresses of the open site."""

from django.urls import path

from luukku.web.public import advice, feeds, guest_orders, links, pages, practices, search

app_name = "public"
urlpatterns = [
    path("", pages.start, name="start"),
    path("welcome/", pages.welcome, name="welcome"),
    path("tasks/", pages.task_types, name="task-types"),
    path("tasks/<slug:code>/", pages.task_type, name="task-type"),
    path("calls/", pages.calls, name="calls"),
    path("become/", pages.become, name="become"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("search/", search.search, name="search"),
    path("search/miss/", search.miss, name="search-miss"),
    path("practices/new/", practices.new, name="practice-new"),
    path("practices/sent/", practices.sent, name="practices-sent"),
    path("practices/sent/<int:pk>/", practices.revise, name="practice-revise"),
    path("<slug:section>/rss/", feeds.rss, name="rss"),
    path("<slug:section>/atom/", feeds.atom, name="atom"),
    path("advice/", advice.ask, name="advice"),
    path("advice/thanks/", advice.thanks, name="advice-thanks"),
    path("order/", guest_orders.start, name="order-start"),
    path("order/sent/", guest_orders.sent, name="order-sent"),
    path("order/asked/", guest_orders.asked, name="order-asked"),
    path("order/<int:pk>/check/", guest_orders.check, name="order-check"),
    path("order/<int:pk>/<slug:step>/", guest_orders.step, name="order-step"),
    path("feedback/", links.feedback_door, name="feedback-door"),
    path("feedback/sent/", links.feedback_sent, name="feedback-sent"),
    path("l/order/<str:token>/", links.guest_link, name="guest-link"),
    path("l/task/<str:token>/", links.offer_link, name="offer-link"),
    path("l/feedback/<slug:side>/<str:token>/", links.feedback_link, name="feedback-link"),
    path("l/changed/<str:token>/", links.changed_link, name="changed-link"),
    path("l/thanks/", links.thanks, name="link-thanks"),
    path("calendar/<str:key>.ics", links.calendar_feed, name="calendar-feed"),
]
