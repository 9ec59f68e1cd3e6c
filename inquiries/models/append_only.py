"""Rows that are only ever added. The database refuses too: inquiries.db.triggers."""

from django.db import models


class AppendOnlyError(TypeError):
    """Somebody wrote code that changes or deletes what may only be added."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AppendOnlyError("these rows are append only")

    update.alters_data = True

    def delete(self):
        raise AppendOnlyError("these rows are append only")

    delete.alters_data = True
    delete.queryset_only = True


class AppendOnly(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError("these rows are append only")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError("these rows are append only")
