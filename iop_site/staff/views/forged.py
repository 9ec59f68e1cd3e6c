from inquiries.intake import requests
from iop_site.refusals import refusal
from iop_site.staff import form_recovery


def refuse(request, reason=""):
    """Keep in the session what was typed, if the browser hides where the form comes from.

    No other site can put words there: its POST comes without the session's cookie, which is SameSite=Lax.
    """
    if not requests.is_origin_hidden(request):
        return refusal("403.html", 403)
    sealed = form_recovery.seal(request, request.user.pk) if request.user.is_authenticated else ""
    if sealed:
        request.session[form_recovery.FIELD] = sealed
    return refusal("403_origin.html", 403)
