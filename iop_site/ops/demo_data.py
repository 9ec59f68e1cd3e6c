import random
import secrets
import tomllib
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Event, EventSeal, Inquiry, MessageTemplate, WeeklyHours

STAFF = {"ana": ("Ana", "Intake"), "marisol": ("Marisol", "Intake"), "dev": ("Dev", "Supervisor")}
FIRST = """Rosa Dee Marcus Lupe Teresa Ofelia Chris Yolanda Andrés Kim Bea Sam Tess Amparo Ben Luz Kai Gloria Fern
    Esteban Nora Ali Soledad Noor Pat Remedios Quinn Ximena""".split()
LAST = """Fictitious Invented Madeup Imaginary Pretend Sample Example Placeholder""".split()
QUESTIONS = ("Is there an evening group?", "¿Hay grupos por la tarde?", "What does the first week look like?")
TEMPLATES = tomllib.loads(Path(__file__).with_name("demo_templates.toml").read_text("utf-8"))["templates"]
WEEKS = 12
WORKDAY = 8  # hours
AREAS = (626, 213, 323, 909)
Action, Stage, Result = Inquiry.NextAction, Inquiry.Stage, Inquiry.TryResult


def make_staff() -> dict[str, str]:
    passwords = {}
    for username, (first_name, role) in STAFF.items():
        passwords[username] = secrets.token_urlsafe(12)
        user = get_user_model().objects.create_user(
            username, password=passwords[username], first_name=first_name, is_staff=True, wants_inquiry_notices=False
        )
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    return passwords


def make_templates():
    for texts in TEMPLATES:
        template = MessageTemplate(**texts)
        template.full_clean()
        template.save()


def make_inquiries(count: int, now=None):
    now, chance = now or timezone.now(), random.Random(7)  # noqa: S311 - nothing secret
    staff = list(get_user_model().objects.filter(username__in=STAFF).order_by("username"))
    for number in range(count):
        age = timedelta(days=WEEKS * 7 * (1 - (number + chance.random()) / count) ** 1.2)
        inquiry = Inquiry(received_at=now - age, **answers(number, chance))
        Story(inquiry.submit(SubmissionKey.new()), chance.choice(staff), chance, now).tell()
    EventSeal.objects.seal_up_to(Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)


def answers(number: int, chance) -> dict[str, str]:
    """Return made-up answers; phones end in 01xx and addresses in example.com, so they reach nobody."""
    ways = [Inquiry.Way.ME, Inquiry.Way.ME, Inquiry.Way.LOVED_ONE, Inquiry.Way.LOVED_ONE, *Inquiry.Way]
    way = chance.choice(ways)
    reach = chance.choice(list(Inquiry.ContactWay)[5:] if way == Inquiry.Way.REFER else list(Inquiry.ContactWay)[:4])
    times = chance.sample(["morning", "afternoon", "evening"], chance.randint(1, 2))
    told = {
        "way": way,
        "name": f"{chance.choice(FIRST)} {LAST[number % len(LAST)]}",
        "preferred_language": chance.choices(["en", "es", "other"], [6, 3, 1])[0],
        "page_language": "en",
        "contact_way": reach,
        "good_times": chance.choice(["any", " ".join(times)]),
        "topics": " ".join(chance.sample(Inquiry.Topic.values, chance.randint(0, 2))),
        "question": chance.choice(("", *QUESTIONS)),
    }
    if reach in Inquiry.EMAIL_WAYS:
        told["email"] = f"person{number + 1}@example.com"
    else:
        told["phone"] = f"+1{AREAS[number // 97 % len(AREAS)]}555{100 + number % 97:04d}"
    if way == Inquiry.Way.LOVED_ONE:
        told |= {"relationship": "parent", "person_knows": chance.choice(["yes", "no", "not-sure"])}
    if way == Inquiry.Way.REFER:
        told |= {"organization": "Example Clinic", "role": "Case manager"}
    return told


class Story:
    def __init__(self, inquiry, who, chance, now):
        self.inquiry, self.who, self.chance, self.now = inquiry, who, chance, now
        self.calendar = WeeklyHours.objects.calendar(inquiry.received_at)
        self.at = self.calendar.after_hours(inquiry.received_at, chance.uniform(0.2, 11))

    def tell(self):
        if self.chance.random() < 0.03:
            self.later(0)
            self.inquiry.set_aside(self.who, now=min(self.at, self.now))
            return
        assess, paperwork = partial(self.move_on, Action.ASSESS), partial(self.move_on, Action.PAPERWORK)
        steps = [self.look, self.try_once, self.try_once, assess, paperwork, self.start, self.close]
        for step in steps[: self.chance.randint(2, 7)]:
            if self.at >= self.now or not step():
                return
        is_old = self.now - self.inquiry.received_at > timedelta(days=12)
        if is_old and self.inquiry.due_at and self.at < self.now:
            self.close()

    def later(self, days):
        self.at = self.calendar.after_hours(self.at, WORKDAY * days + self.chance.random())

    def next(self, action, days=2) -> dict:
        due_at = self.calendar.after_hours(self.at, WORKDAY * days + self.chance.randint(1, 10))
        return {"next_action": action, "due_at": due_at.replace(minute=0, second=0, microsecond=0)}

    def look(self) -> bool:
        if self.chance.random() < 0.7:
            self.inquiry.take(self.who, now=self.at)
        self.inquiry.opened(self.who, now=self.at)
        return True

    def try_once(self) -> bool:
        spoke = self.chance.random() < 0.6
        result = (Result.SPOKE if spoke else Result.NO_ANSWER) if self.inquiry.may_call else Result.WROTE
        self.inquiry.log_try(result, self.who, now=self.at, **self.next(Action.CONTACT_AGAIN))
        self.later(self.chance.randint(1, 3))
        return True

    def move_on(self, action) -> bool:
        self.inquiry.move_on(self.who, now=self.at, **self.next(action, 4))
        self.later(self.chance.randint(2, 5))
        return True

    def start(self) -> bool:
        self.inquiry.settle_referral(self.who, now=self.at)
        self.inquiry.settle_insurance(self.who, now=self.at)
        return self.move_on(Action.START)

    def close(self) -> bool:
        is_started = self.inquiry.stage == Stage.STARTED
        outcome = Inquiry.Outcome.STARTED if is_started else Inquiry.Outcome.NOT_NOW
        self.inquiry.close(outcome, Inquiry.Told.STATUS_PAGE, self.who, now=self.at)
        return False
