import json
import re

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from inquiries.crypto import blind_index
from inquiries.crypto.keyring import SealError
from inquiries.models.events import InquiryText

REFERENCE = re.compile(r"([A-HJ-NP-Z]{2}[2-9]{2})[\s-]?([A-HJ-NP-Z]{2})", re.IGNORECASE)
LONGEST = 254  # characters; nothing longer is stored
MOST_FOUND = 100
MOST_COUNTED = 2000  # to tell which of several words is the rarest


class IndexTokenQuerySet(models.QuerySet):
    def holders(self, tokens: list[bytes]) -> list[int]:
        """The newest MOST_FOUND. The rarest token leads, whatever the database guesses of how frequent they are."""
        if not tokens:
            return []
        if len(tokens) > 1:
            tokens = sorted(set(tokens), key=lambda token: self.filter(token=token)[:MOST_COUNTED].count())
        rarest, *others = tokens
        rows = self.filter(token=rarest).order_by("-inquiry")
        for token in others:
            rows = rows.filter(Exists(self.filter(token=token, inquiry=OuterRef("inquiry"))))
        return list(rows.values_list("inquiry", flat=True)[:MOST_FOUND])


class IndexToken(models.Model):
    token = models.BinaryField(max_length=blind_index.TOKEN_BYTES)
    inquiry = models.ForeignKey("inquiries.Inquiry", on_delete=models.CASCADE, related_name="index_tokens")

    objects = IndexTokenQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "inquiry"], name="inquiries_indextoken_once")]

    def __str__(self):
        return f"token of inquiry {self.inquiry_id}"


class FindableQuerySet(models.QuerySet):
    def find(self, text: str):
        text = text.strip()
        reference = REFERENCE.fullmatch(text)
        if reference:
            return self.filter(reference="-".join(reference.groups()).upper())
        return self.found_by(text).order_by("-id") if 0 < len(text) <= LONGEST else self.none()

    def found_by(self, text: str):
        """Inquiries of this reference, or whose name, phone or email holds every word of ``text``. Tokens are short and
        stand in clear, so each find is opened and compared: a chance or forged equal must not show another person. One
        that cannot be read stays among the finds."""
        ways = blind_index.queries(text)
        held = {pk for terms in ways for pk in IndexToken.objects.holders([blind_index.token(*term) for term in terms])}
        amendments = Prefetch("texts", InquiryText.objects.filter(kind=InquiryText.Kind.AMENDMENT))
        found = self.filter(pk__in=held).only("uid", *blind_index.KINDS).prefetch_related(amendments)
        right = [one.pk for one in found if any(is_found_by(one, set(terms)) for terms in ways)]
        return self.filter(Q(pk__in=right) | Q(reference=as_reference(text)))


def as_reference(text: str) -> str:
    """``ab24 cd`` and ``AB24CD`` are ``AB24-CD``."""
    plain = "".join(c for c in text.upper() if c.isalnum())
    return f"{plain[:4]}-{plain[4:]}"


def is_found_by(inquiry, wanted: set[tuple[str, str]]) -> bool:
    """What was sent first and later count together; only the wanted kinds are opened. True when they cannot be read."""
    kinds = {kind for kind, _value in wanted}
    try:
        found = blind_index.terms(**{kind: getattr(inquiry, kind) for kind in kinds})
        for text in inquiry.texts.all():
            answers = json.loads(text.body)
            found |= blind_index.terms(**{kind: answers.get(kind, "") for kind in kinds})
    except SealError:
        return True
    return wanted <= found
