from django.contrib.admin import FieldListFilter
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ERROR_FLAG, IGNORED_PARAMS, PAGE_VAR, SEARCH_VAR
from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import HttpResponseRedirect

OF_EVERY_LIST = {*IGNORED_PARAMS, PAGE_VAR, ERROR_FLAG}


class OfferedLookups:
    """Stock takes any lookup of any column from the address, also a pattern, which is then tried on every row."""

    def lookups_of_filters(self, request) -> set[str]:
        names = set()
        for one in self.get_list_filter(request):
            names.update(self.filter_of(one, request).expected_parameters())
        if self.date_hierarchy:
            names.update(f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day"))
        return names

    def filter_of(self, one, request):
        if callable(one):
            return one(request, {}, self.model, self)
        path, kind = one if isinstance(one, list | tuple) else (one, FieldListFilter.create)
        field = get_fields_from_path(self.model, path)[-1]
        return kind(field, request, {}, self.model, self, field_path=path)

    def lookup_allowed(self, lookup, value, request):
        return lookup in self.lookups_of_filters(request) and super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request, extra_context=None):
        asked = request.GET.copy()
        foreign = set(asked) - OF_EVERY_LIST - set(getattr(self, "list_parameters", ()))
        if foreign:
            foreign -= self.lookups_of_filters(request)
        for name in foreign:
            del asked[name]
        if foreign and request.method != "POST" and SEARCH_VAR not in asked:  # what is typed stands in no address
            return HttpResponseRedirect(f"{request.path}?{asked.urlencode()}" if asked else request.path)
        request.GET = asked
        self.drop_impossible_choices(request)
        return super().changelist_view(request, extra_context)

    def drop_impossible_choices(self, request):
        if ACTION_CHECKBOX_NAME in request.POST:
            posted = request.POST.copy()
            posted.setlist(ACTION_CHECKBOX_NAME, filter(self.is_key, posted.getlist(ACTION_CHECKBOX_NAME)))
            request.POST = posted

    def is_key(self, text: str) -> bool:
        try:
            self.opts.pk.run_validators(self.opts.pk.to_python(text))
        except (ValidationError, ValueError):
            return False
        return True

    def get_changelist_instance(self, request):
        """Raise IncorrectLookupParameters, which stock answers with the whole list, for each value it cannot use."""
        try:
            return super().get_changelist_instance(request)
        except (ValueError, OverflowError, DataError) as error:
            raise IncorrectLookupParameters(error) from error
