"""What a request allows: its own way of contact, less what another that shares its phone or address forbids."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q, QuerySet

from inquiries.crypto import blind_index, looks
from inquiries.crypto.keyring import opened
from inquiries.models.answers import Answers
from inquiries.models.duplicates import Duplicates
from inquiries.models.search import IndexToken
from inquiries.models.transitions import KEPT, OPEN

Way = Answers.ContactWay
CALL, VOICEMAIL, TEXT, EMAIL = "call", "voicemail", "text", "email"
MEANS = {
    Way.CALL_VOICEMAIL: {CALL, VOICEMAIL},
    Way.CALL: {CALL},
    Way.TEXT: {TEXT},
    Way.EMAIL: {EMAIL},
    Way.STATUS_PAGE: set(),
    Way.CALL_WORK: {CALL},
    Way.EMAIL_WORK: {EMAIL},
}
AT_ODDS = "at-odds"  # in place of a way: two requests leave none that both allow
MOST_READ = 500  # open inquiries that share a number or an address; with more, nobody reads what they forbid
ROWS_A_TERM = 20  # of the index, which are read for a list before the crowded are looked for


@dataclass(frozen=True)
class Ban:
    """What ``other``, which shares a phone or an address, takes away of the means that a request allows."""

    other: Answers
    is_newer: bool
    means: frozenset[str]


class JoinedPlans(Duplicates):
    class Meta:
        abstract = True

    @cached_property
    def bans(self) -> list[Ban]:
        with looks.only_counted():
            return bans_on(self.shared).get(self.pk, [])

    @cached_property
    def shared(self) -> "Shared":
        return Shared([self])

    @property
    def safe_way(self) -> str:
        return self.shared.safe_way(self, self.bans)

    def can(self, verb: str) -> bool:
        return super().can(verb) and not (verb == "log_try" and self.is_only_written_here)

    def may(self, means: str) -> bool:
        return means in MEANS.get(self.safe_way, ())

    @property
    def may_call(self) -> bool:
        return self.may(CALL)

    @property
    def may_leave_voicemail(self) -> bool:
        return self.may(VOICEMAIL)

    @property
    def may_text(self) -> bool:
        return self.may(TEXT)

    @property
    def may_email(self) -> bool:
        return self.may(EMAIL)

    @property
    def is_only_written_here(self) -> bool:
        """Whether nothing is allowed but a message on the status page."""
        return self.safe_way in (Way.STATUS_PAGE, AT_ODDS)


def way_under(way: str, bans: list[Ban]) -> str:
    """Return the way that is left of ``way``: itself, a call without voicemail, or AT_ODDS."""
    left = MEANS.get(way, set()).difference(*(ban.means for ban in bans))
    if not bans or left == MEANS.get(way):
        return way
    return Way.CALL if left else AT_ODDS


class Shared:
    """Which inquiries share the phone or the address of each of some, by the index; in one query."""

    def __init__(self, inquiries: list):
        self.inquiries = [one for one in inquiries if one.pk]
        self.terms = {one.pk: one.reach_terms() for one in self.inquiries}
        self.holders, self.crowded = holders_of({term for terms in self.terms.values() for term in terms})

    def with_term(self, pk: int, term) -> set[int]:
        return self.holders.get(term, set()) - {pk}

    def with_any(self, pk: int) -> set[int]:
        return set().union(*(self.with_term(pk, term) for term in self.terms[pk]))

    def safe_way(self, inquiry, bans: list[Ban]) -> str:
        """Return the way that is left of the inquiry's own. What too many share to be read may hold a ban."""
        is_crowded = bool(self.terms.get(inquiry.pk, set()) & self.crowded)
        return AT_ODDS if is_crowded else way_under(inquiry.reach_way, bans)


def bans_on(shared: Shared) -> dict[int, list[Ban]]:
    """Return the bans on each inquiry that has any, the newest first, in at most two queries.

    What the index finds is opened and compared. An inquiry that cannot be read binds none: its own card forbids all.
    """
    found = set().union(*(shared.with_any(pk) for pk in shared.terms))
    with looks.only_counted():  # whoever shows a ban tells of it
        others = open_ones(found) if found else {}
        bans = {one.pk: bans_of(one, shared, others) for one in shared.inquiries}
    return {pk: some for pk, some in bans.items() if some}


def safe_ways(inquiries: list) -> dict[int, str]:
    """Return the ``safe_way`` of each of many."""
    shared = Shared(inquiries)
    bans = bans_on(shared)
    return {one.pk: shared.safe_way(one, bans.get(one.pk, [])) for one in inquiries}


def bans_of(one, shared: Shared, others) -> list[Ban]:
    allowed = MEANS.get(one.reach_way, set())
    bans = []
    for other in (others[pk] for pk in sorted(shared.with_any(one.pk) & set(others), reverse=True)):
        taken = allowed - MEANS.get(other.reach_way, allowed) - ({CALL, EMAIL} if other.keeps_both else set())
        if taken and shared.terms[one.pk] & spoken_for(other):
            bans.append(Ban(other, other.pk > one.pk, frozenset(taken)))
    return bans


def spoken_for(inquiry) -> set[tuple[str, str]]:
    """The numbers and addresses that a request says something of.

    Who asks not to be contacted names none any more, and means every one that was given before.
    """
    if inquiry.reach_way != Way.STATUS_PAGE:
        return inquiry.reach_terms()
    versions = opened(inquiry.answers_in_turn, [])
    return set().union(*(blind_index.terms(phone=one.get("phone", ""), email=one.get("email", "")) for one in versions))


def holders_of(terms: set[tuple[str, str]]) -> tuple[dict[tuple[str, str], set[int]], set[tuple[str, str]]]:
    """Return which inquiries hold each term, and, left out there, the terms that more than MOST_READ open ones hold."""
    by_token = {blind_index.token(*term): term for term in terms}
    held, most = IndexToken.objects.filter(token__in=by_token), max(MOST_READ, ROWS_A_TERM * len(terms))
    rows = list(held.values_list("token", "inquiry")[: most + 1]) if by_token else []
    crowded: set[bytes] = set()
    if len(rows) > most:
        held = held.filter(inquiry__in=all_open())
        counted = held.values_list("token").annotate(count=Count("pk")).filter(count__gt=MOST_READ)
        crowded = {bytes(token) for token, _count in counted}
        rows = held.exclude(token__in=crowded).values_list("token", "inquiry")
    holders: dict[tuple[str, str], set[int]] = {}
    for token, pk in rows:
        holders.setdefault(by_token[bytes(token)], set()).add(pk)
    return holders, {by_token[token] for token in crowded}


def all_open() -> QuerySet:
    """Return those that are open as their senders see it."""
    model = IndexToken._meta.get_field("inquiry").related_model
    is_open = OPEN | Q(closed_at__isnull=False, outcome__in=model.UNSEEN_ENDS)
    return model.objects.filter(KEPT & is_open, is_canary=False)


def open_ones(ids: set[int]) -> dict:
    return all_open().filter(pk__in=ids).prefetch_related("texts").in_bulk()
