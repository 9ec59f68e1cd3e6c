"""The links of programs.contact_links as filters; each gives an empty text for what cannot be called or written to."""

from django import template

from programs import contact_links as links

register = template.Library()
register.filter("tel", links.tel)
register.filter("sms", links.sms)
register.filter("mailto", links.mailto)
