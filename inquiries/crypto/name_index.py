"""Names that earlier releases indexed are indexed again, as ``blind_index.words`` cuts them, while the site runs.
Tokens are only added, so a killed run is simply started again, and whoever asks for those of before finds the same."""

from collections.abc import Iterator

from django.apps import apps
from django.db import transaction

from inquiries.crypto import blind_index
from inquiries.crypto.key_rotation import filled
from inquiries.crypto.keyring import SealError

BATCH = 200  # rows to a transaction


def index_names(size: int = BATCH) -> Iterator[tuple[int, int]]:
    """Yield, after each transaction, how many rows were seen and how many of them are found by more than before."""
    rows = filled(apps.get_model("inquiries", "Inquiry")).order_by("pk").only("pk", "uid", "name")
    rows = rows.prefetch_related("texts")
    seen = added = 0
    batch = list(rows[:size])
    while batch:
        with transaction.atomic():
            added += sum(_index(row) for row in batch)
        seen += len(batch)
        yield seen, added
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:size])


def _index(row) -> bool:
    """What cannot be opened is left as it is: it is found among what cannot be read."""
    try:
        names = {answers.get("name", "") for answers in row.answers_in_turn()}
    except SealError:
        return False
    new = {word for name in names for word in blind_index.words(name) if word not in blind_index.words_before(name)}
    # Looked at again under lock: the sender may just have taken it back, and nothing of it may stay.
    if not new or not filled(type(row)).select_for_update().filter(pk=row.pk).exists():
        return False
    tokens = row.index_tokens.model
    tokens.objects.bulk_create(
        (tokens(token=blind_index.token("name", word), inquiry_id=row.pk) for word in sorted(new)),
        ignore_conflicts=True,
    )
    return True
