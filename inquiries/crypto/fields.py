from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact
from django.db.models.query_utils import DeferredAttribute

from inquiries.crypto import keyring, looks, padding


class Sealed(str):
    __slots__ = ()


class OpeningAttribute(DeferredAttribute):
    """Opens a sealed value when it is read, so that one bad value spoils one cell and not the whole list."""

    def __get__(self, instance, cls=None):
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = keyring.current().open(value, self.field.place(instance))
            instance.__dict__[self.field.attname] = value
        if value and instance is not None:
            looks.note_read(instance)  # also of one that was opened before, to be counted
        return value

    def __set__(self, instance, value):
        # A descriptor without __set__ would be passed over for values that the instance already holds.
        instance.__dict__[self.field.attname] = value


class AnswerInClear(models.CharField):
    """An answer that lists are filtered by: the database reads it."""

    @property
    def codes(self):
        return self.choices

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class EncryptedTextField(models.TextField):
    """Text sealed for its own cell; reading may raise ``keyring.SealError``. All texts that fit ``room`` bytes look
    alike; of ``codes`` the cell holds some, with blanks between. Only what was erased, or stored in the format ``v1``,
    is empty in the database."""

    descriptor_class = OpeningAttribute

    def __init__(self, *args, room: int = padding.LONG, codes: type[models.Choices] | None = None, **options):
        super().__init__(*args, **options)
        self.room, self.codes = room, codes.choices if codes else ()  # no part of the column: no migration changes them

    def seal(self, text: str, instance) -> str:
        ring = keyring.current()
        if not text and not ring.pads:
            return text
        return Sealed(ring.seal(text, self.place(instance), self.room))

    def place(self, instance) -> str:
        return f"{instance._meta.db_table}|{instance.uid}|{self.name}"

    def from_db_value(self, value, expression, connection):
        return Sealed(value) if value else value

    def pre_save(self, model_instance, add):
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        return self.seal(value, model_instance)

    def get_prep_value(self, value):
        if value and not isinstance(value, Sealed):
            raise FieldError(f"{self.name} is encrypted: set it on an object and save that.")
        return None if value is None else str(value)

    def get_lookup(self, lookup_name):
        if lookup_name not in ("isnull", SealedAs.lookup_name):
            raise FieldError(f"{self.name} is encrypted: the database cannot look it up.")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name):
        raise FieldError(f"{self.name} is encrypted: the database cannot transform it.")

    def value_to_string(self, obj):
        raise FieldError(f"{self.name} is encrypted: dumpdata would write it in clear. Use export_inquiries.")

    def check(self, **kwargs):
        missing = checks.Error("An encrypted field needs a field uid beside it.", obj=self, id="inquiries.E001")
        has_uid = any(field.name == "uid" for field in self.model._meta.get_fields())
        return super().check(**kwargs) + ([] if has_uid else [missing])


@EncryptedTextField.register_lookup
class SealedAs(Exact):
    """An update that names the ciphertext it replaces overwrites nothing else."""

    lookup_name = "sealed_as"

    def get_rhs_op(self, connection, rhs):
        return f"= {rhs}"
