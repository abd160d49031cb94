"""Orders on the organisation's desk."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.assignments.actions import cancel_order
from luukku.assignments.models import Assignment, Offer
from luukku.assignments.queries import Identity, identity_for
from luukku.assignments.states import LIVE_STATES, AssignmentState
from luukku.audit.actions import note_reading
from luukku.experts.queries import OrdererCard, card
from luukku.feedback import actions as feedback_actions
from luukku.feedback.models import Feedback, Side, WhatChanged
from luukku.orders import actions
from luukku.orders.models import CancelledBy, Order
from luukku.orders.queries import first_time, next_step, timeline
from luukku.orders.states import CANCEL, OrderState
from luukku.organisations.states import OrganisationState
from luukku.web.http import page, see_other
from luukku.web.order_forms import STEPS, Repeat
from luukku.web.orderer.frame import ordering_for, show, tabs
from luukku.web.tasks_forms import ChangedForm, FeedbackForm, ReasonForm
from luukku.web.wizard import Wizard
from luukku.assignments.models import Via
from luukku.workflow.actions import WrongState
