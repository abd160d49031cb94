"""Who may do what to a programme of training, to a run of it and to an application."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_counter, is_machine, is_signed_in, is_steering
from luukku.events.queries import was_away
from luukku.organisations.models import MemberRole, Membership
from luukku.organisations.queries import stands_for
from luukku.training.models import (
    Application,
    Certificate,
    PracticeLecture,
    Programme,
    Run,
    RunReport,
    Thread,
    ThreadDecision,
    ThreadMessage,
)
from luukku.training.states import LectureState, ProgrammeState


@rules.predicate
def is_agreed(user: User, programme: Programme | None) -> bool:
    """One that has been agreed on: everybody may read about it."""
    is_open = user.is_active or not user.is_authenticated
    return programme is not None and is_open and programme.state == ProgrammeState.AGREED


@rules.predicate
def is_producer(user: User, programme: Programme | None) -> bool:
    """Stands for one of the organisations that hold it."""
    if programme is None:
        return False
    standing = Membership.objects.standing(MemberRole.PRODUCER).filter(user_id=user.pk)
    return standing.filter(organisation__in=programme.producers.values("pk")).exists()


@rules.predicate
def is_a_producer(user: User, _programme: Programme | None = None) -> bool:
    """Stands for some organisation that trains."""
    return Membership.objects.standing(MemberRole.PRODUCER).filter(user_id=user.pk).exists()


@rules.predicate
def is_shared_with(user: User, programme: Programme | None) -> bool:
    """Stands for a producer, and the programme has been shared with all of them."""
    return (
        programme is not None and programme.state == ProgrammeState.SHARED and is_a_producer(user)
    )


@rules.predicate
def holds_alone(user: User, programme: Programme | None) -> bool:
    """Stands for the one organisation that holds it: of several no one decides alone."""
    return (
        programme is not None and programme.producers.count() == 1 and is_producer(user, programme)
    )


rules.add_perm(
    "training.view", is_counter | is_agreed | is_signed_in & (is_producer | is_shared_with)
)
rules.add_perm("training.start", is_counter | is_a_producer)
rules.add_perm("training.edit", is_counter | is_producer)
rules.add_perm("training.renew", is_counter | is_producer)
rules.add_perm("training.share", is_counter | is_producer)
rules.add_perm("training.take_back", is_counter | is_producer)
rules.add_perm("training.propose", is_counter | is_producer)
rules.add_perm("training.agree", is_counter)  # who writes down what the producers have agreed on
rules.add_perm("training.agree_core", is_counter)
rules.add_perm("training.say_yes", is_signed_in & is_a_producer)
rules.add_perm("training.say_no", is_signed_in & is_a_producer)
rules.add_perm("training.withdraw_yes", is_signed_in & is_a_producer)
rules.add_perm("training.note_asked", is_counter)  # who has asked them by phone
rules.add_perm("training.retire", is_counter | holds_alone)
rules.add_perm("training.resume", is_counter)


@rules.predicate
def trains_too(user: User, _said: Thread | ThreadDecision | ThreadMessage | None = None) -> bool:
    """Stands for some organisation that trains: each reads and writes in every thread."""
    return is_a_producer(user)


@rules.predicate
def wrote(user: User, said: ThreadMessage | ThreadDecision | None) -> bool:
    """Who wrote the message, or the decision down."""
    if said is None:
        return False
    return (said.by_id if isinstance(said, ThreadMessage) else said.made_by_id) == user.pk


talks = is_counter | is_signed_in & trains_too
rules.add_perm("training.view_thread", talks)
rules.add_perm("training.view_message", talks)
rules.add_perm("training.view_decision", talks | is_steering)
rules.add_perm("training.write", talks)
rules.add_perm("training.decide", talks)
rules.add_perm("training.withdraw_message", talks & wrote)
rules.add_perm("training.remove_message", is_counter)
rules.add_perm("training.settle", talks)
rules.add_perm("training.withdraw_decision", talks & wrote)
rules.add_perm("training.remove_decision", is_counter)


@rules.predicate
def sees_its_event(user: User, run: Run | None) -> bool:
    """Sees the event that the run is."""
    return run is not None and user.has_perm("events.view", run.event)


@rules.predicate
def holds_run(user: User, run: Run | None) -> bool:
    """Stands as a producer for the organisation whose run it is."""
    return run is not None and stands_for(user, run.event.organiser_id, MemberRole.PRODUCER)


@rules.predicate
def holds_reported(user: User, report: RunReport | None) -> bool:
    """Stands as a producer for the organisation whose run was reported of."""
    return report is not None and holds_run(user, report.run)


@rules.predicate
def is_own(user: User, application: Application | None) -> bool:
    """The person who applies."""
    return application is not None and application.person_id == user.pk


@rules.predicate
def holds_its_run(user: User, application: Application | None) -> bool:
    """Stands for the producer whose run it is, and the application has come to them."""
    return (
        application is not None
        and application.sent_at is not None
        and holds_run(user, application.run)
    )


@rules.predicate
def is_own_certificate(user: User, certificate: Certificate | None) -> bool:
    """The person whose training it is about."""
    return certificate is not None and is_own(user, certificate.application)


@rules.predicate
def sees_its_application(user: User, certificate: Certificate | None) -> bool:
    """Sees the application that it came of."""
    return certificate is not None and user.has_perm(
        "training.view_application", certificate.application
    )


@rules.predicate
def is_oneself(user: User, person: User | None) -> bool:
    """The person whose wish it is."""
    return person is not None and person.pk == user.pk


rules.add_perm("training.wish", is_signed_in & (is_oneself | is_counter))
rules.add_perm("training.view_wishes", is_counter | is_steering | is_a_producer)  # counts only
answers = (is_counter | holds_its_run) & ~is_own
rules.add_perm("training.view_run", sees_its_event)
rules.add_perm("training.begin_run", is_counter | is_producer)
rules.add_perm("training.change_run", is_counter | holds_run)


@rules.predicate
def orders_for_school(user: User, lecture: PracticeLecture | None) -> bool:
    """Orders for the school that offers the date."""
    return lecture is not None and stands_for(user, lecture.school_id, MemberRole.ORDERER)


@rules.predicate
def holds_lectures_run(user: User, lecture: PracticeLecture | None) -> bool:
    """Stands for the producer whose training has taken the date."""
    return lecture is not None and lecture.run is not None and holds_run(user, lecture.run)


@rules.predicate
def may_take(user: User, lecture: PracticeLecture | None) -> bool:
    """Stands for some producer: each sees the dates that can be taken."""
    return lecture is not None and is_a_producer(user)


@rules.predicate
def is_to_take(_user: User, lecture: PracticeLecture | None) -> bool:
    """Nobody has taken the date yet."""
    return lecture is not None and lecture.state == LectureState.OPEN


@rules.predicate
def spoke_there(user: User, lecture: PracticeLecture | None) -> bool:
    """Has a place in the lecture's event."""
    return (
        lecture is not None
        and lecture.event is not None
        and lecture.event.sign_ups.confirmed().filter(person=user.pk).exists()
    )


@rules.predicate
def was_there(user: User, lecture: PracticeLecture | None) -> bool:
    """Spoke there, and nobody marked them away."""
    if lecture is None or lecture.event is None:
        return False
    own = lecture.event.sign_ups.confirmed().filter(person=user.pk)
    return own.exclude(was_away()).exists()


rules.add_perm(
    "training.view_lecture",
    is_counter
    | is_signed_in & (orders_for_school | holds_lectures_run | may_take & is_to_take | spoke_there),
)
rules.add_perm("training.offer_lecture", is_counter | orders_for_school)
rules.add_perm("training.take_lecture_for", is_counter | holds_run)
rules.add_perm("training.take_lecture", is_counter | may_take)
rules.add_perm("training.let_lecture_go", is_counter | holds_lectures_run | is_machine)
rules.add_perm("training.link_lecture", is_counter | orders_for_school)
rules.add_perm("training.cancel_lecture", is_counter | orders_for_school)
rules.add_perm("training.count_students", is_counter | orders_for_school | holds_lectures_run)
rules.add_perm("training.correct_students", is_counter | orders_for_school | holds_lectures_run)
rules.add_perm("training.think_of_lecture", orders_for_school | was_there)
rules.add_perm("training.send_report", is_counter | holds_run)
rules.add_perm("training.remove_report_words", is_counter)
rules.add_perm("training.view_report", is_counter | is_steering | is_signed_in & holds_reported)
rules.add_perm("training.view_application", is_signed_in & (is_counter | is_own | holds_its_run))
rules.add_perm("training.apply", is_signed_in)  # for whom it is, ``queries.why_not_apply`` says
rules.add_perm("training.invite", answers)
rules.add_perm("training.choose", answers)
rules.add_perm("training.turn_down", answers)
rules.add_perm("training.complete", answers)
rules.add_perm("training.withdraw", is_own | is_counter | is_machine)
rules.add_perm("training.stop", is_own | is_counter | holds_its_run | is_machine)
rules.add_perm("training.pass_on", is_machine)
rules.add_perm("training.call_off", is_machine)
rules.add_perm("training.view_certificate", sees_its_application)
rules.add_perm("training.reissue", is_counter | is_own_certificate)
rules.add_perm("training.name_issuer", is_own_certificate)
rules.add_perm("training.take_badge", is_own_certificate)
