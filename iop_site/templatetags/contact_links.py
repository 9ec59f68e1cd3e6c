from django import template

from programs import contact_links as links

register = template.Library()
register.filter("tel", links.tel)
register.filter("sms", links.sms)
register.filter("mailto", links.mailto)
