"""The answer to a form that does not prove to be one of ours; outside the desk no address asks for that."""

from inquiries.intake import requests
from iop_site.refusals import refusal
from iop_site.staff import form_recovery


def refuse(request, reason=""):
    """Answer 403. To a browser that hides where the form comes from, say what to do, and keep what was typed.

    Kept it is for that page and account, in the session, as when a session has ended. No other site can put words
    there: its POST comes without the session's cookie, which is SameSite=Lax.
    """
    if not requests.is_origin_hidden(request):
        return refusal("403.html", 403)
    sealed = form_recovery.seal(request, request.user.pk) if request.user.is_authenticated else ""
    if sealed:
        request.session[form_recovery.FIELD] = sealed
    return refusal("403_origin.html", 403)
