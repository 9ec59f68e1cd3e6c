"""A database full of plausible, plainly fictitious inquiries, made in bulk: encrypted and indexed for real.

`python -m benchmarks.fill 1000000` fills the database that DATA_DIR or DATABASE_URL names, which must be prepared and
hold no inquiries yet, prints what it made, and keeps it.

What is as in production: every personal cell sealed with AES-256-GCM for its own place, the tokens of the blind index,
events of every step, mail that was sent, rolling figures, all states. What is not: one seal stands over all events,
as sealing millions of them one by one would take longer than the rest.
"""

import io
import os
import random
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iop_site.settings")
django.setup(set_prefix=False)

from django.contrib.auth import get_user_model  # noqa: E402 - Django must be set up first, as below
from django.contrib.auth.models import Group  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from inquiries import append_only, blind_index, keyring, padding  # noqa: E402
from inquiries.models import (  # noqa: E402
    Event,
    EventSeal,
    Figure,
    IndexToken,
    Inquiry,
    InquiryText,
    KeyCheck,
    OutboxNotice,
)

BATCH = 10_000  # inquiries
YEARS = 3
LEAST_OPEN, LEAST_ASIDE = 520, 60  # so that the pages of a small desk are as full as those of a large one
STAFF = 5
FIRST = """Rosa Dee Marcus Lupe Teresa Ofelia Chris Yolanda Andrés Kim Bea Sam Tess Amparo Ben Luz Kai Gloria Fern
    Esteban Nora Ali Soledad Noor Pat Remedios Quinn Ximena""".split()
SYLLABLES = "ba co di fu ga lo ma ne pi ro sa ti vo ze".split()
# Nobody is called so; the first ones are as frequent as the most frequent family names are.
LAST = [f"Demo{a}{b}{c}".title() for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES]
WEIGHTS = [1 / (rank + 10) for rank in range(len(LAST))]
QUESTIONS = ("Is there an evening group?", "¿Hay grupos por la tarde?", "What does the first week look like?", "")
CALLS, MAILS = ("call-voicemail", "call", "text"), ("email",)


def reference(number: int) -> str:
    """Return the reference of one inquiry, unlike every other: a walk through all 21 million in long steps."""
    letters, digits = "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"
    rest = number * 7_368_787 % (24**4 * 8**2)
    signs = []
    for alphabet in (letters, letters, digits, digits, letters, letters):
        rest, place = divmod(rest, len(alphabet))
        signs.append(alphabet[place])
    return "".join(signs[:4]) + "-" + "".join(signs[4:])


class Rows:
    """The rows of one table that wait to be written, as dictionaries of what is not the column's default."""

    def __init__(self, model):
        self.table = model._meta.db_table
        self.fields = model._meta.concrete_fields
        self.columns = [field.column for field in self.fields]
        self.defaults = {}
        for field in self.fields:
            default = None if callable(field.default) else field.get_default()
            is_text = field.get_internal_type() in ("CharField", "TextField") and not field.null
            self.defaults[field.attname] = "" if is_text and default is None else default
        self.names = [field.attname for field in self.fields]
        self.rows: list[list] = []
        self.count = 0

    def add(self, **values):
        self.count += 1
        row = self.defaults | values
        self.rows.append([row[name] for name in self.names])

    def write(self, cursor):
        if connection.vendor == "sqlite":
            marks = ",".join(["?"] * len(self.columns))
            names = ",".join(self.columns)
            text = f"INSERT INTO {self.table} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own models
            cursor.cursor.connection.executemany(text, [list(map(as_sqlite, row)) for row in self.rows])
        else:
            lines = io.StringIO("".join("\t".join(map(as_copied, row)) + "\n" for row in self.rows))
            cursor.cursor.copy_expert(f"COPY {self.table} ({','.join(self.columns)}) FROM STDIN", lines)
        self.rows = []


def as_sqlite(value):
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.hex if isinstance(value, UUID) else value


def as_copied(value) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    if isinstance(value, bool):
        return "t" if value else "f"
    return "\\\\x" + value.hex() if isinstance(value, bytes) else str(value)


class Filling:
    """One run: makes the rows of each inquiry, and the figures on the way."""

    def __init__(self, count: int, now: datetime, staff: list[int]):
        self.count, self.now, self.staff, self.ring = count, now, staff, keyring.current()
        self.chance = random.Random(7)  # noqa: S311 - nothing secret
        models = {"inquiries": Inquiry, "events": Event, "tokens": IndexToken, "texts": InquiryText}
        models["notices"] = OutboxNotice
        self.tables = {name: Rows(model) for name, model in models.items()}
        self.rooms = {name: Inquiry._meta.get_field(name).room for name in Inquiry.PERSONAL_FIELDS}
        self.figures: Counter = Counter()
        self.held_tokens: dict = {}
        share_open = max(0.007, LEAST_OPEN / count)
        share_aside = max(0.03, LEAST_ASIDE / count)
        self.kinds = ["open", "aside", "withdrawn", "erased", "closed"]
        rest = 1 - share_open - share_aside
        self.weights = [share_open, share_aside, rest * 0.01, rest * 0.03, rest * 0.96]

    def make(self, number: int):
        chance = self.chance
        age = timedelta(days=365 * YEARS * (1 - number / self.count), minutes=1)
        [kind] = chance.choices(self.kinds, self.weights)
        if kind == "open":
            age = min(age, timedelta(days=chance.uniform(0, 30)))
        received = self.now - age
        answers = self.answers(number)
        state, events = self.story(kind, received, chance)
        uid = UUID(int=chance.getrandbits(128), version=4)
        is_empty = kind in ("withdrawn", "erased")
        sealed = {} if is_empty else self.seal(answers, f"inquiries_inquiry|{uid}")
        self.tables["inquiries"].add(
            id=number, uid=uid, reference=reference(number), received_at=received,
            kind="referral" if answers["way"] in ("loved-one", "refer") else "contact",
            way=answers["way"], preferred_language=answers["preferred_language"], page_language="en",
            is_canary=number % 20_000 == 7, submission_digest=f"{chance.getrandbits(256):064x}",
            code_digest=f"{chance.getrandbits(256):064x}", answers_digest=f"{chance.getrandbits(256):064x}",
            **sealed, **state,
        )  # fmt: skip
        if not is_empty:
            self.index(number, answers)
        for verb, at, actor, detail in events:
            self.event(number, verb, at, actor, detail)
        self.tables["notices"].add(
            id=number, kind="staff_new_inquiry", inquiry_id=number, user_id=self.staff[0], created_at=received,
            next_try_at=received, attempts=1, sent_at=received + timedelta(seconds=4) if number % 100_000 else None,
        )  # fmt: skip
        if kind == "open" and chance.random() < 0.05:
            self.amend(number, answers, received)

    def answers(self, number: int) -> dict[str, str]:
        chance = self.chance
        [last] = chance.choices(LAST, WEIGHTS)
        [way] = chance.choices(["me", "loved-one", "refer", "question"], [5, 4, 1, 2])
        found = {
            "way": way,
            "name": f"{chance.choice(FIRST)} {last}",
            "preferred_language": chance.choices(["en", "es", "other"], [6, 3, 1])[0],
            "contact_way": chance.choice(CALLS) if chance.random() < 0.6 else "email",
            "good_times": chance.choice(["any", "morning", "afternoon", "evening"]),
            "topics": " ".join(chance.sample(["program", "schedule", "cost", "transfer", "family", "other"], 2)),
            "question": chance.choice(QUESTIONS),
        }
        if found["contact_way"] in MAILS:
            found["email"] = f"person{number}@example.com"
        else:
            found["phone"] = f"+1{200 + number // 100 % 800}55501{number % 100:02d}"
        return found

    def seal(self, answers: dict[str, str], place: str) -> dict[str, str]:
        return {name: self.ring.seal(answers.get(name, ""), f"{place}|{name}", self.rooms[name]) for name in self.rooms}

    def index(self, number: int, answers: dict[str, str]):
        for kind, value in blind_index.terms(**{n: answers.get(n, "") for n in ("name", "phone", "email")}):
            token = self.held_tokens.get(value) or blind_index.token(kind, value)
            if kind == "name":
                self.held_tokens[value] = token
            tokens = self.tables["tokens"]
            tokens.add(id=tokens.count + 1, token=token, inquiry_id=number)

    def event(self, number, verb, at, actor, detail=""):
        events = self.tables["events"]
        events.add(id=events.count + 1, inquiry_id=number, verb=verb, at=min(at, self.now), actor_id=actor,
                   detail=detail)  # fmt: skip

    def amend(self, number, answers, received):
        uid = UUID(int=self.chance.getrandbits(128), version=4)
        body = padding.even_json(answers, Inquiry.rooms())
        body = self.ring.seal(body, f"inquiries_inquirytext|{uid}|body", padding.LONG)
        texts = self.tables["texts"]
        texts.add(id=texts.count + 1, uid=uid, inquiry_id=number, kind="amendment", body=body, created_at=received)

    def story(self, kind: str, received: datetime, chance) -> tuple[dict, list]:
        """Return the columns and the events of an inquiry that ended, or stands, in one way."""
        who = chance.choice([*self.staff, None])
        at = received + timedelta(hours=chance.uniform(0.2, 30))
        day = received.date()
        events = [("received", received, None, "")]
        state = {"version": 1, "stage": "received", "next_action": "first-contact", "owner_id": who}
        if kind == "aside":
            return state | {"set_aside_at": at}, [*events, ("set-aside", received, None, "links,trap")]
        self.figures[day, "received", 0] += 1
        if kind == "withdrawn":
            gone = {"withdrawn_at": at, "closed_at": at, "erased_at": at, "outcome": "withdrawn"}
            return state | gone, [*events, ("withdrawn", at, None, "")]
        stages = ["received", "contacting", "assessment", "paperwork"]
        if kind == "open":
            return self.open_story(state, events, stages, received, at, who, chance)
        events += [("opened", at, who, ""), ("taken", at, who, ""), ("tried", at, who, "spoke"), ("moved-on", at, who,
                   "contacting")]  # fmt: skip
        self.figures[day, "contacted", chance.choice([20, 60, 120, 300, 480, 900])] += 1
        self.figures[day, "on-time", 0] += chance.random() < 0.8
        end = min(at + timedelta(days=chance.uniform(1, 25)), self.now)
        is_started = chance.random() < 0.3
        if is_started:
            self.figures[end.date(), "started", 0] += 1
            events.append(("moved-on", end, who, "started"))
        state |= {"stage": "started" if is_started else chance.choice(stages[1:]), "opened_at": at, "version": 5,
                  "first_tried_at": at, "first_reached_at": at, "tries": 1, "closed_at": end, "told": "call",
                  "outcome": "started" if is_started else "not-now", "next_action": "",
                  "held_at": end if chance.random() < 0.0005 else None}  # fmt: skip
        if kind == "erased":
            state |= {"erased_at": end, "held_at": None}
        return state, [*events, ("closed", end, who, state["outcome"])]

    def open_story(self, state, events, stages, received, at, who, chance):
        is_tried = chance.random() < 0.6
        due = self.now + timedelta(hours=chance.uniform(-72, 96))
        state |= {"due_at": due, "version": 2,
                  "sender_wrote_at": at if chance.random() < 0.12 else None,
                  "screening_reasons": "link" if chance.random() < 0.12 else "",
                  "held_at": at if chance.random() < 0.1 else None}  # fmt: skip
        if is_tried:
            state |= {"stage": chance.choice(stages), "first_tried_at": at, "tries": 1, "opened_at": at}
            events += [("opened", at, who, ""), ("tried", at, who, "no-answer")]
        return state, events

    def write(self, cursor):
        for rows in self.tables.values():
            rows.write(cursor)


def fill(count: int) -> dict[str, int]:
    """Fill the database of the settings in force; return how many rows each table got."""
    if Inquiry.objects.exists():
        sys.exit("This database holds inquiries already.")
    KeyCheck.objects.verify_once()
    users = get_user_model().objects
    staff = [users.create_user(f"person{n}", first_name=f"Person {n}", is_staff=True) for n in range(STAFF)]
    for user in staff:
        user.groups.add(Group.objects.get_or_create(name="Intake")[0])
    filling = Filling(count, datetime.now(UTC), [user.pk for user in staff])
    append_only.remove(connection)
    with connection.cursor() as cursor:
        indexes = drop_indexes(cursor, [rows.table for rows in filling.tables.values()])
        for first in range(1, count + 1, BATCH):
            with transaction.atomic():
                for number in range(first, min(first + BATCH, count + 1)):
                    filling.make(number)
                filling.write(cursor)
            print(f"\r{min(first + BATCH - 1, count):,}", end="", file=sys.stderr, flush=True)
        figures = [Figure(day=d, kind=k, size=s, count=n) for (d, k, s), n in filling.figures.items() if n]
        Figure.objects.bulk_create(figures, batch_size=500)
        for text in indexes:
            cursor.execute(text)
        made = {name: rows.count for name, rows in filling.tables.items()}
        last = made["events"]
        EventSeal.objects.create(first_id=1, last_id=last, count=last, digest="0" * 64)
        append_only.install(connection)
        settle(cursor, filling)
    return made | {"figures": len(figures)}


def drop_indexes(cursor, tables) -> list[str]:
    """Drop the indexes that no constraint needs, and return what makes them again: a full table is indexed faster."""
    marks = ",".join(["%s"] * len(tables))
    if connection.vendor == "sqlite":
        for pragma in ("synchronous=OFF", "cache_size=-300000", "temp_store=MEMORY", "secure_delete=OFF"):
            cursor.execute(f"PRAGMA {pragma}")
        found = f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql > '' AND tbl_name IN ({marks})"  # noqa: S608
    else:
        cursor.execute("SET statement_timeout = 0; SET maintenance_work_mem = '512MB'; SET synchronous_commit = off")
        found = (
            "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"  # noqa: S608
            f" JOIN pg_class t ON t.oid = i.indrelid WHERE t.relname IN ({marks}) AND NOT i.indisunique"
        )
    cursor.execute(found, tables)
    indexes = cursor.fetchall()
    for name, _text in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    return [text for _name, text in indexes]


def settle(cursor, filling):
    """Leave the database as a long life would; nothing runs ANALYZE on SQLite there, so nothing does here."""
    if connection.vendor == "sqlite":
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    for rows in filling.tables.values():
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{rows.table}', 'id'), {max(rows.count, 1)})")
        cursor.execute(f"VACUUM ANALYZE {rows.table}")


def main(count: str = "1000"):
    begin = time.monotonic()
    made = fill(int(count))
    print(f"\n{made} in {time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
