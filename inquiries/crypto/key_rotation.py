"""Sealing everything again under the first key and in the format of today, while the site runs. A cell says what it is
sealed with, so a killed run is simply started again; each update names the old ciphertext, so a change is kept."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models, transaction

from inquiries.crypto import keyring
from inquiries.crypto.fields import EncryptedTextField

TRIES = 3  # for a row that others keep changing


@dataclass
class Tally:
    """``unreadable`` says of each cell ``table uid field: reason``."""

    reencrypted: int = 0
    unreadable: list[str] = field(default_factory=list)


def encrypted_fields(model) -> list[EncryptedTextField]:
    return [column for column in model._meta.concrete_fields if isinstance(column, EncryptedTextField)]


def encrypted_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if encrypted_fields(model)]


def filled(model) -> models.QuerySet:
    """Return the rows whose cells hold text: of what was erased a shell stays, with empty cells."""
    rows = model._base_manager.all()
    return rows.filter(erased_at=None) if hasattr(model, "erased_at") else rows


def batches(rows, size: int) -> Iterator[list]:
    """Yield rows, oldest first, without opening a cell."""
    columns = (column.name for column in encrypted_fields(rows.model))
    rows = rows.order_by("pk").only("pk", "uid", *columns)
    batch = list(rows[:size])
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:size])


def reencrypt_all(size: int, progress: Callable[[str, int, int], None]) -> Tally:
    """Call ``progress`` after each transaction of ``size`` rows: table, rows seen and cells sealed again so far."""
    tally = Tally()
    for model in encrypted_models():
        seen = 0
        for batch in batches(filled(model), size):
            changes = [(row, *reencrypted(row, tally)) for row in batch]
            with transaction.atomic():
                tally.reencrypted += sum(replace_cells(row, old, new, tally) for row, old, new in changes if new)
            seen += len(batch)
            progress(model._meta.db_table, seen, tally.reencrypted)
    return tally


def reencrypted(row, tally: Tally) -> tuple[dict, dict]:
    old, new = {}, {}
    ring = keyring.current()
    for column in encrypted_fields(type(row)):
        cell = row.__dict__[column.attname]
        if cell is None or not ring.is_outdated(cell):  # a column that came later holds None until it is filled
            continue
        try:
            new[column.name] = column.seal(ring.open(cell, column.place(row)) if cell else "", row)
            old[column.name] = cell
        except keyring.SealError as error:
            line = f"{row._meta.db_table} {row.uid} {column.name}: {error}"
            if line not in tally.unreadable:
                tally.unreadable.append(line)
    return old, new


def replace_cells(row, old: dict, new: dict, tally: Tally) -> int:
    rows = filled(type(row)).filter(pk=row.pk)
    for _try in range(TRIES):
        if rows.filter(**{f"{name}__sealed_as": cell for name, cell in old.items()}).update(**new):
            return len(new)
        row = rows.first()
        old, new = reencrypted(row, tally) if row else ({}, {})
        if not new:
            return 0
    return 0


def cells_by_key(size: int) -> Counter:
    return Counter(
        keyring.key_id_of(cell)
        for model in encrypted_models()
        for batch in batches(model._base_manager.all(), size)
        for row in batch
        for column in encrypted_fields(model)
        if (cell := row.__dict__[column.attname])
    )
