"""The same address in another language."""

from django import template
from django.urls import translate_url

register = template.Library()
register.filter("in_language", translate_url)
