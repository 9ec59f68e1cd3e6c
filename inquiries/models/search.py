from django.db import models

from inquiries import blind_index


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
