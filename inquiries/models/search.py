"""Finding an inquiry over data that the database cannot read."""

import json

from django.db import models

from inquiries import blind_index
from inquiries.keyring import SealError
from inquiries.models.timeline import InquiryText

FOUND_BY = ("name", "phone", "email")


class IndexToken(models.Model):
    """One value that an inquiry is found by, as a keyed hash; see inquiries.blind_index for what it reveals."""

    token = models.BinaryField(max_length=blind_index.TOKEN_BYTES)
    inquiry = models.ForeignKey("inquiries.Inquiry", on_delete=models.CASCADE, related_name="index_tokens")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "inquiry"], name="inquiries_indextoken_once"),
        ]

    def __str__(self):
        return f"token of inquiry {self.inquiry_id}"


class FindableQuerySet(models.QuerySet):
    def found_by(self, text: str):
        """Inquiries of this reference, or whose name, phone or email holds every word of ``text``.

        The blind index finds them. Its tokens are short and stand in clear, so each find is opened and compared: a
        chance or forged equal must not show another person. One that cannot be read stays among the finds.
        """
        terms = blind_index.query_terms(text)
        found = self if terms else self.none()
        for kind, value in terms:
            token = blind_index.token(kind, value)
            found = found.filter(pk__in=IndexToken.objects.filter(token=token).values("inquiry"))
        wanted = set(terms)
        wrong = [one.pk for one in found.prefetch_related("texts").iterator(200) if not is_found_by(one, wanted)]
        return found.exclude(pk__in=wrong) | self.filter(reference=as_reference(text))


def as_reference(text: str) -> str:
    """Return what staff typed as a reference is spelled: ``ab24 cd`` and ``AB24CD`` are ``AB24-CD``."""
    plain = "".join(c for c in text.upper() if c.isalnum())
    return f"{plain[:4]}-{plain[4:]}"


def is_found_by(inquiry, wanted: set[tuple[str, str]]) -> bool:
    """Whether the person goes by all of these terms of the blind index; True when that cannot be read."""
    try:
        found = blind_index.terms(**{name: getattr(inquiry, name) for name in FOUND_BY})
        for text in inquiry.texts.all():
            if text.kind == InquiryText.Kind.AMENDMENT:
                answers = json.loads(text.body)
                found |= blind_index.terms(**{name: answers.get(name, "") for name in FOUND_BY})
    except SealError:
        return True
    return wanted <= found
