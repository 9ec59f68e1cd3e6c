"""A database full of plausible, plainly fictitious inquiries, made in bulk: encrypted and indexed for real.

``fill(1000000)``, in the shell of a site that is prepared and holds no inquiries yet, fills its database and keeps it.

What is as in production: every personal cell sealed with AES-256-GCM for its own place, the tokens of the blind index,
events of every step, mail that was sent, rolling figures, all states. What is not: one seal stands over all events,
as sealing millions of them one by one would take longer than the rest.
"""

import random
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Count, Max, Min

from inquiries.crypto import blind_index, padding
from inquiries.crypto.fields import Sealed
from inquiries.db import triggers
from inquiries.models import Event, EventSeal, Figure, Inquiry, InquiryText, KeyCheck, OutboxNotice
from inquiries.models.inquiry import REFERENCE_DIGITS, REFERENCE_LETTERS
from inquiries.models.search import IndexToken
from iop_site.ops import demo_data

MODELS = (Inquiry, InquiryText, Event, IndexToken, OutboxNotice)  # in the order in which they need one another
# No wait for the disk, nor for a statement to be short; and what a long life would leave the database in. Nothing runs
# ANALYZE on SQLite there, so nothing does here.
IN_HASTE = {"sqlite": ["PRAGMA synchronous=OFF", "PRAGMA cache_size=-300000"]}
IN_HASTE["postgresql"] = ["SET statement_timeout = 0", "SET synchronous_commit = off"]
VACUUM = [f"VACUUM ANALYZE {model._meta.db_table}" for model in MODELS]
AT_REST = {"sqlite": ["PRAGMA wal_checkpoint(TRUNCATE)"], "postgresql": VACUUM}
BATCH, YEARS, STAFF = 2_000, 3, 5
LEAST_OPEN, LEAST_ASIDE = 520, 60  # so that the pages of a small desk are as full as those of a large one
SYLLABLES = "ba co di fu ga lo ma ne pi ro sa ti vo ze".split()
# Nobody is called so; the first ones are as frequent as the most frequent family names are.
LAST = [f"Demo{a}{b}{c}".title() for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES]
WEIGHTS = [1 / (rank + 10) for rank in range(len(LAST))]
STAGES = ("received", "contacting", "assessment", "paperwork")
KINDS = ("open", "aside", "withdrawn", "erased", "closed")
EMPTY = dict.fromkeys(Inquiry.PERSONAL_FIELDS, Sealed(""))  # the cells of what was erased


def reference(number: int) -> str:
    """Return the reference of one inquiry, unlike every other: a walk through all 21 million in long steps."""
    rest, signs = number * 7_368_787 % (24**4 * 8**2), ""
    for alphabet in [REFERENCE_LETTERS] * 2 + [REFERENCE_DIGITS] * 2 + [REFERENCE_LETTERS] * 2:
        rest, place = divmod(rest, len(alphabet))
        signs += alphabet[place]
    return f"{signs[:4]}-{signs[4:]}"


class Filling:
    """One run: makes the rows of each inquiry, and the figures on the way."""

    def __init__(self, count: int, now: datetime, staff: list):
        self.count, self.now, self.staff = count, now, staff
        self.chance = random.Random(7)  # noqa: S311 - nothing secret
        self.rows, self.made, self.figures, self.held_tokens = defaultdict(list), Counter(), Counter(), {}
        share_open, share_aside = max(0.007, LEAST_OPEN / count), max(0.03, LEAST_ASIDE / count)
        rest = 1 - share_open - share_aside
        self.weights = [share_open, share_aside, rest * 0.01, rest * 0.03, rest * 0.96]

    def add(self, model, **values):
        self.rows[model].append(model(**values))
        return self.rows[model][-1]

    def make(self, number: int):
        chance = self.chance
        age = timedelta(days=365 * YEARS * (1 - number / self.count), minutes=1)
        [kind] = chance.choices(KINDS, self.weights)
        if kind == "open":
            age = min(age, timedelta(days=chance.uniform(0, 30)))
        received, answers = self.now - age, self.answers(number)
        state, events = self.story(kind, received, chance)
        is_empty = kind in ("withdrawn", "erased")
        inquiry = self.inquiry(number, received, answers | EMPTY if is_empty else answers, state)
        if not is_empty:
            self.index(inquiry, answers)
        for verb, at, actor, detail in events:
            self.add(Event, inquiry=inquiry, verb=verb, at=min(at, self.now), actor=actor, detail=detail)
        times = {"created_at": received, "next_try_at": received, "attempts": 1}
        times["sent_at"] = received + timedelta(seconds=4) if number % 100_000 else None
        self.add(OutboxNotice, kind="staff_new_inquiry", inquiry=inquiry, user=self.staff[0], **times)
        if kind == "open" and chance.random() < 0.05:
            body = padding.even_json(answers, Inquiry.rooms())
            self.add(InquiryText, uid=self.uid(), inquiry=inquiry, kind="amendment", body=body, created_at=received)

    def uid(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def inquiry(self, number: int, received: datetime, answers: dict, state: dict) -> Inquiry:
        digests = ("submission_digest", "code_digest", "answers_digest")
        own = {"uid": self.uid(), "reference": reference(number), "received_at": received, "page_language": "en"}
        own |= {"kind": "referral" if answers["way"] in Inquiry.REFERRAL_WAYS else "contact"}
        own |= {"is_canary": number % 20_000 == 7} | {name: f"{self.chance.getrandbits(256):064x}" for name in digests}
        return self.add(Inquiry, **own, **answers, **state)

    def answers(self, number: int) -> dict[str, str]:
        chance = self.chance
        [last] = chance.choices(LAST, WEIGHTS)
        [way] = chance.choices(["me", "loved-one", "refer", "question"], [5, 4, 1, 2])
        found = {"way": way, "name": f"{chance.choice(demo_data.FIRST)} {last}"}
        [found["preferred_language"]] = chance.choices(["en", "es", "other"], [6, 3, 1])
        found["contact_way"] = chance.choice(Inquiry.ContactWay.values[:3]) if chance.random() < 0.6 else "email"
        found["good_times"] = chance.choice(["any", "morning", "afternoon", "evening"])
        found["topics"] = " ".join(chance.sample(Inquiry.Topic.values, 2))
        found["question"] = chance.choice([*demo_data.QUESTIONS, ""])
        if found["contact_way"] == "email":
            return found | {"email": f"person{number}@example.com"}
        return found | {"phone": f"+1{200 + number // 100 % 800}55501{number % 100:02d}"}

    def index(self, inquiry: Inquiry, answers: dict[str, str]):
        for kind, value in blind_index.terms(**{n: answers.get(n, "") for n in ("name", "phone", "email")}):
            token = self.held_tokens.get(value) or blind_index.token(kind, value)
            if kind == "name":
                self.held_tokens[value] = token
            self.add(IndexToken, token=token, inquiry=inquiry)

    def story(self, kind: str, received: datetime, chance) -> tuple[dict, list]:
        """Return the columns and the events of an inquiry that ended, or stands, in one way."""
        who = chance.choice([*self.staff, None])
        at = received + timedelta(hours=chance.uniform(0.2, 30))
        events = [("received", received, None, "")]
        state = {"version": 1, "stage": "received", "next_action": "first-contact", "owner": who}
        if kind == "aside":
            return state | {"set_aside_at": at}, [*events, ("set-aside", received, None, "links,trap")]
        self.figures[received.date(), "received", 0] += 1
        if kind == "withdrawn":
            gone = {"withdrawn_at": at, "closed_at": at, "erased_at": at, "outcome": "withdrawn"}
            return state | gone, [*events, ("withdrawn", at, None, "")]
        more, later = self.open_story(at, who) if kind == "open" else self.ended_story(kind, received, at, who)
        return state | more, events + later

    def ended_story(self, kind, received, at, who):
        chance, day = self.chance, received.date()
        events = [(verb, at, who, "") for verb in ("opened", "taken")]
        events += [("tried", at, who, "spoke"), ("moved-on", at, who, "contacting")]
        self.figures[day, "contacted", chance.choice([20, 60, 120, 300, 480, 900])] += 1
        self.figures[day, "on-time", 0] += chance.random() < 0.8
        end = min(at + timedelta(days=chance.uniform(1, 25)), self.now)
        state = {"stage": "started", "outcome": "started"}
        if chance.random() < 0.3:
            self.figures[end.date(), "started", 0] += 1
            events.append(("moved-on", end, who, "started"))
        else:
            state = {"stage": chance.choice(STAGES[1:]), "outcome": "not-now"}
        state |= {"opened_at": at, "first_tried_at": at, "first_reached_at": at, "tries": 1, "version": 5}
        state |= {"closed_at": end, "told": "call", "next_action": "", "erased_at": end if kind == "erased" else None}
        state["held_at"] = end if chance.random() < 0.0005 and kind != "erased" else None
        return state, [*events, ("closed", end, who, state["outcome"])]

    def open_story(self, at, who):
        chance, is_tried = self.chance, self.chance.random() < 0.6
        state = {"due_at": self.now + timedelta(hours=chance.uniform(-72, 96)), "version": 2}
        state["sender_wrote_at"] = at if chance.random() < 0.12 else None
        state["screening_reasons"] = "link" if chance.random() < 0.12 else ""
        state["held_at"] = at if chance.random() < 0.1 else None
        if not is_tried:
            return state, []
        state |= {"stage": chance.choice(STAGES), "first_tried_at": at, "tries": 1, "opened_at": at}
        return state, [("opened", at, who, ""), ("tried", at, who, "no-answer")]

    def write(self):
        for model in MODELS:
            self.made[model._meta.model_name] += len(model.objects.bulk_create(self.rows.pop(model, [])))


def fill(count: int) -> Counter:
    """Fill the database of the settings in force; return how many rows each table got."""
    if Inquiry.objects.exists():
        sys.exit("This database holds inquiries already.")
    KeyCheck.objects.verify_once()
    users, intake = get_user_model().objects, Group.objects.get_or_create(name="Intake")[0]
    staff = [users.create_user(f"person{n}", first_name=f"Person {n}", is_staff=True) for n in range(STAFF)]
    intake.user_set.add(*staff)
    filling = Filling(count, datetime.now(UTC), staff)
    triggers.remove(connection)
    with connection.cursor() as cursor:
        for statement in IN_HASTE[connection.vendor]:
            cursor.execute(statement)
        for number in range(1, count + 1):
            filling.make(number)
            if number % BATCH == 0 or number == count:
                filling.write()
                print(f"\r{number:,}", end="", file=sys.stderr, flush=True)
        figures = [Figure(day=d, kind=k, size=s, count=n) for (d, k, s), n in filling.figures.items() if n]
        filling.made["figures"] = len(Figure.objects.bulk_create(figures, batch_size=500))
        ends = Event.objects.aggregate(first_id=Min("pk"), last_id=Max("pk"), count=Count("pk"))
        EventSeal.objects.create(**ends, digest="0" * 64)
        triggers.install(connection)
        for statement in AT_REST[connection.vendor]:
            cursor.execute(statement)
    return filling.made
