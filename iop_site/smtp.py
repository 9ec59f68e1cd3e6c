"""Mail by SMTP that comes to an end. The worker erases, seals and backs up besides, and a page waits for a letter about
an account: neither may hang on a server, or on whoever speaks for it before TLS begins, that never stops talking."""

import smtplib
import time

from django.core.mail.backends.smtp import EmailBackend as DjangoBackend

LONGEST_TALK = 60  # seconds of one connection
MOST_SAID = 64 * 1024  # bytes in it, many times what any mail server says
PART = 4096  # bytes


class Answers:
    """What the server says, in place of the file of smtplib, whose time-out begins anew with every byte."""

    def __init__(self, sock, ends_at: float):
        self.sock, self.ends_at = sock, ends_at
        self.patience = sock.gettimeout() or LONGEST_TALK
        self.waiting, self.said = b"", 0

    def readline(self, most: int) -> bytes:
        """Return one line, what there is of it when the server hangs up, or ``most`` bytes; may raise OSError."""
        while b"\n" not in self.waiting[:most] and len(self.waiting) < most:
            part = self._receive()
            if not part:
                break
            self.waiting += part
        end = self.waiting.find(b"\n", 0, most) + 1 or most
        line, self.waiting = self.waiting[:end], self.waiting[end:]
        return line

    def _receive(self) -> bytes:
        left = self.ends_at - time.monotonic()
        if left <= 0 or self.said > MOST_SAID:
            raise OSError("the mail server does not come to an end")
        self.sock.settimeout(min(self.patience, left))
        part = self.sock.recv(PART)
        self.said += len(part)
        return part

    def close(self):
        """Like a file; the socket is closed by whoever opened it."""


class Ending:
    def connect(self, *args, **kwargs):
        self.ends_at = time.monotonic() + LONGEST_TALK
        return super().connect(*args, **kwargs)

    def getreply(self):
        if self.file is None:  # at first, and when TLS begins: what was said before it counts no more
            self.file = Answers(self.sock, self.ends_at)
        return super().getreply()


class Plain(Ending, smtplib.SMTP):
    pass


class Tls(Ending, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangoBackend):
    @property
    def connection_class(self):
        return Tls if self.use_ssl else Plain
