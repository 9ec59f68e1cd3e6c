"""Five wrong passwords for one user name from one network, and that pair waits for 15 minutes (by django-axes)."""

from axes.handlers.database import AxesDatabaseHandler

from inquiries.screening import network_of


class Handler(AxesDatabaseHandler):
    """Keeps of a refused sign-in what the lockout needs, and no more: user name, network, count and time."""

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        if request is not None:
            request.axes_user_agent = request.axes_http_accept = ""
        return super().user_login_failed(sender, credentials, request, **kwargs)


def network(request) -> str | None:
    """Return the network of the sender as one address, for an IPv6 /64 its first."""
    return network_of(request).partition("/")[0] or None


def locked_out(request, response, credentials):
    """Answer as the sign-in page itself does, whether there is such an account or not; only the status differs."""
    response.status_code = 429
    return response
