"""Trainings of the invented world that people apply for, in every state."""

from __future__ import annotations

from datetime import datetime, timedelta

from luukku.config.demo.load import Load
from luukku.core.document import Row
from luukku.events.models import Mode
from luukku.experts.models import FurtherKind

DAY = timedelta(days=1)
APPLICANTS = ("Aada Hakija", "Eero Soittaja", "Iida Valittu", "Olli Odottaja", "Ulla Lopettaja")


def runs(at: datetime, made: Load) -> list[Row]:
    """Return a training to apply for, one that goes on, one that has been held and a draft."""
    people = [
        made.person(f"hakija{n}", name, has_mail=n != 2) for n, name in enumerate(APPLICANTS, 1)
    ]
    second = made.behind[1][0]
    first = [*made.schools(), made.behind[0][0]][0]
    trained = made.experts[-1]["person"]
    return [
        _run("koulutus1", "ohjelma3", second, at + 60 * DAY, at=(at - 9 * DAY).isoformat(), applications=[
            {"person": people[0], "why": "Haluan kehittää palveluja.", "barriers": ["equipment"]}]),
        _run("koulutus2", "ohjelma1", first, at + 40 * DAY, at=(at - 20 * DAY).isoformat(), applications=[
            {"person": people[0], "at": (at - 12 * DAY).isoformat(), "barriers": ["travel", "care"],
             "why": "Haluan kertoa tarinani muille."},
            {"person": people[1], "at": (at - timedelta(hours=2)).isoformat(), "barriers": ["travel", "cost"],
             "needs": "Kyyti asemalta.", "state": "interview", "interview_at": (at + 3 * DAY).isoformat()},
            {"person": people[2], "at": (at - 15 * DAY).isoformat(), "state": "chosen"},
            {"person": people[4], "at": (at - 15 * DAY).isoformat(), "state": "not_chosen",
             "words": "Ryhmä ehti täyttyä. Tervetuloa hakemaan ensi kerralla."}],
             lectures=[_lecture(made, at + 50 * DAY, speakers=people[2:3]), _lecture(made, at + 51 * DAY)]),
        _run("koulutus3", "ohjelma3", second, at - 24 * DAY, at=(at - 90 * DAY).isoformat(), applications=[
            {"person": trained, "at": (at - 80 * DAY).isoformat(), "state": "completed", "came": 3},
            {"person": people[3], "at": (at - 80 * DAY).isoformat(), "state": "chosen", "came": 2},
            {"person": people[4], "at": (at - 80 * DAY).isoformat(), "state": "stopped", "stop_reason": "work",
             "came": 1}],
             lectures=[_lecture(made, at - 12 * DAY, speakers=people[3:4], students=22),
                       _lecture(made, at - 5 * DAY, speakers=people[3:4])],
             report="Ryhmä oli innostunut. Ensi kerralla varaamme enemmän aikaa harjoitteluun."),
        _run("koulutus5", "ohjelma1", first, at - 30 * DAY, at=(at - 120 * DAY).isoformat(), applications=[
            {"person": people[2], "at": (at - 110 * DAY).isoformat(), "state": "stopped", "stop_reason": "care"}]),
        _run("koulutus4", "ohjelma1", second, at + 100 * DAY, is_draft=True),
    ]  # fmt: skip


def _lecture(made: Load, day: datetime, **more: object) -> Row:
    """Return a date on which an orderer would hear somebody who is being trained."""
    starts = day.replace(hour=8, minute=0, second=0, microsecond=0)
    return {
        "school": made.orderers[0].organisation, "subject": "Lähihoitajat, toinen vuosi", "group_size": 25,
        "starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=2)).isoformat(),
    } | more  # fmt: skip


def _run(key: str, programme: str, organiser: str, begins: datetime, **more: object) -> Row:
    """Return a training of three evenings, a week apart."""
    first = begins.replace(hour=15, minute=0, second=0, microsecond=0)
    times = [(first + 7 * n * DAY, first + 7 * n * DAY + timedelta(hours=3)) for n in range(3)]
    return {
        "key": key, "programme": programme, "organiser": organiser, "mode": "place", "municipality": "Pori",
        "address": "Yhdistysten talo", "seats": 8,
        "times": [{"starts_at": start.isoformat(), "ends_at": end.isoformat()} for start, end in times],
    } | more  # fmt: skip


def common_core(at: datetime) -> Row:
    """Return what those who train have agreed on: one of the programmes holds less."""
    return {
        "decided_on": (at - 30 * DAY).date().isoformat(),
        "decision": "Kouluttajien kokous, kohta 3",
        "topics": [
            {"topic": "story", "contact_minutes": 600, "own_minutes": 300},
            {"topic": "ethics", "contact_minutes": 120},
            {"topic": "limits", "contact_minutes": 60},
        ],
    }


def agreed(at: datetime, made: Load) -> Row:
    """Return what those who train have agreed on, and what they talk about."""
    return {"common_cores": [common_core(at)], "threads": threads(at, made)}


def threads(at: datetime, made: Load) -> list[Row]:
    """Return a thread that the counter should help with, one that has been decided and one just begun."""
    (first, one), (second, other) = made.behind[:2]
    return [
        {"messages": [
            {"by": one, "organisation": first, "at": (at - 58 * DAY).isoformat(),
             "words": "Riittääkö yhteiseen ytimeen kymmenen tuntia omaa tarinaa? Meillä ryhmät toivovat enemmän."},
            {"by": other, "organisation": second, "at": (at - 51 * DAY).isoformat(),
             "words": "Meille kymmenen sopii. Tärkeintä on, että jokainen kertoo tarinansa ainakin kerran ryhmälle."},
            {"at": (at - 20 * DAY).isoformat(), "words": "Otetaanko asia kouluttajien seuraavaan kokoukseen?"}]},
        {"topic": "ethics", "decided_on": (at - 6 * DAY).date().isoformat(),
         "decision": "Vaitiolosta puhutaan jokaisessa koulutuksessa ennen ensimmäistä harjoitusluentoa."
         " Sovittiin kouluttajien kokouksessa.",
         "messages": [
            {"by": other, "organisation": second, "at": (at - 12 * DAY).isoformat(),
             "words": "Milloin teillä käydään läpi vaitiolo? Meillä se on ollut vasta viimeisellä kerralla."},
            {"organisation": first, "at": (at - 11 * DAY).isoformat(),
             "words": "Meillä heti alussa, ennen kuin kukaan puhuu opiskelijoille."}]},
        {"topic": "performing", "messages": [
            {"by": one, "organisation": first, "at": (at - 2 * DAY).isoformat(),
             "words": "Voisiko esiintymisharjoitukset pitää yhdessä? Meille mahtuu keväällä."}]},
    ]  # fmt: skip


def wishes(made: Load) -> list[Row]:
    """Return what every second expert would like to be trained in."""
    kinds, modes = FurtherKind.values, Mode.values
    return [
        {
            "person": row["person"],
            "kinds": sorted({kinds[n % len(kinds)], kinds[n % 3]}),
            "mode": modes[n % len(modes)],
            "by_counter": n % 4 == 0,
            "barriers": [["travel"], ["time", "cost"], []][n % 3],
            **({"municipality": "Pori"} if n % 3 else {}),
        }
        for n, row in enumerate(made.experts[::2])
    ]
