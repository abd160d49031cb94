"""The invented world as a whole: the same for the same seed and instant."""

from __future__ import annotations

from datetime import timedelta

from luukku.accounts.models import User
from luukku.config.demo.states import States
from luukku.config.demo.words import DOMAIN, PASSWORD
from luukku.experts.models import Experience
from luukku.feedback import actions as feedback
from luukku.feedback.models import Feedback
from luukku.guidance import actions as guidance
from luukku.guidance.models import Kind as QuestionKind
from luukku.guidance.models import Topic
from luukku.notices.actions import deliver
from luukku.notices.queries import paper_queue

SOME = 10  # people and orders enough to fill the first expert's desk
MANY = 20  # people and orders enough to show each state among them
LEFT_TO_TELL = 1  # letter of somebody without e-mail that still waits for a call


def demo_is_loaded() -> bool:
    """Return whether the demo people are in the database."""
    return User.objects.filter(email=f"koordinaattori@{DOMAIN}").exists()


class Demo(States):
    """Makes the people and orders in a fixed order from one stream of chance."""

    def questions(self) -> None:
        """Make threads in every state: waiting, answered, handed over, closed; and two ready answers."""
        counter, day = self.coordinator, timedelta(days=1)
        guidance.ask(
            "Miten voin lähteä mukaan koulutukseen?",
            topic=Topic.TRAINING,
            by=None,
            at=self.at - day,
            name="Kysyjä",
            email=f"kysyja@{DOMAIN}",
        )
        guidance.ask(
            "Ruudunlukija ei kerro, mikä kalenterin päivä on valittuna.",
            kind=QuestionKind.ACCESSIBILITY,
            by=None,
            at=self.at - 2 * day,
            email=f"ruudunlukija@{DOMAIN}",
            came_from="/fi/calls/",
        )
        user = self.orderers[0][1]
        asked = guidance.ask(
            "Kuka maksaa palkkion, kun tilaaja on koulu?",
            topic=Topic.ORDER,
            by=user,
            at=self.at - 9 * day,
        )
        guidance.answer(
            asked,
            "Tilaaja maksaa. Kirjoita tilaukseen, mistä varoista palkkio maksetaan.",
            by=counter,
            at=self.at - 8 * day,
        )
        handed = guidance.ask(
            "Onko lähellä ryhmää, johon voisi tulla juttelemaan?",
            by=None,
            at=self.at - 7 * day,
            phone="040 000 0900",
            name="Kysyjä",
        )
        guidance.note(handed, "Soitettu, toivoo iltaryhmää.", by=counter, at=self.at - 6 * day)
        guidance.hand_over(
            handed,
            to=self.behind[0][0],
            agreed="Yhdyshenkilö katsoo ryhmien ajat.",
            shows_contact=True,
            follow_on=(self.at - day).date(),
            by=counter,
            at=self.at - 6 * day,
        )
        for title, words, is_common in (
            (
                "Milloin seuraava koulutus alkaa?",
                "Kerromme seuraavasta koulutuksesta, kun päivä on sovittu. Haluatko, että kirjoitamme sinulle silloin?",
                False,
            ),
            (
                "Kuka maksaa palkkion?",
                "Tilaaja maksaa palkkion ja matkakulut. Kirjoita tilaukseen, mistä varoista ne maksetaan.",
                True,
            ),
        ):
            guidance.keep_answer(
                None,
                title=title,
                words=words,
                language="fi",
                may_be_faq=is_common,
                is_active=True,
                by=counter,
                at=self.at,
            )

    def catch_up(self) -> None:
        """Have the counter keep up with its queue: the earlier letters have been told, the earlier feedback read."""
        by = self.coordinator
        for letter in list(paper_queue())[:-LEFT_TO_TELL]:
            deliver(letter, by=by, at=min(letter.made_at + timedelta(hours=4), self.at))
        given = Feedback.objects.waiting().order_by("given_at", "pk")
        for one in list(given)[:-1]:
            feedback.read(one, by=by, at=one.given_at + timedelta(days=1))

    def run(self, n_experts: int, n_orders: int) -> dict[str, object]:
        """Make everything."""
        self.counter()
        self.organisations()
        made = [self.expert(n) for n in range(n_experts)]
        rows = Experience.objects.filter(is_shown=True).select_related("theme").order_by("pk")
        self.asked = [
            row.theme for row in rows
        ] or self.themes  # what many have, is asked for often
        for n in range(n_orders):
            self.order(n)
        if n_experts >= SOME and n_orders >= SOME:
            self.first_days(made[0])
            self.looked(made[0])
        if n_experts > MANY and n_orders > MANY:  # small ones are for tests of other things
            self.variety()
            self.read_widely()
            self.catch_up()
        self.questions()
        return {
            "experts": n_experts,
            "orders": n_orders,
            "password": PASSWORD,
            "sign_in": {
                "coordinator": f"koordinaattori@{DOMAIN}",
                "orderer": f"tilaaja1@{DOMAIN}",
                "expert": f"kokemus1@{DOMAIN}",
                "background": f"jarjesto1@{DOMAIN}",
                "producer": f"kouluttaja1@{DOMAIN}",
                "several roles": f"kokemus2@{DOMAIN}",
                "steering": f"ohjausryhma@{DOMAIN}",
                "admin": f"yllapito@{DOMAIN}",
            },
        }
