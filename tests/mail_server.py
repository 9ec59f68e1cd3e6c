"""A mail server that can misbehave, for the tests of what sends to it."""

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes

# What is said again and again, how often, and the pause behind it in seconds.
ENDLESS = {
    "flooding": (b"220-hello" * 800 + b"\r\n", 20_000, 0),
    "rambling": (b"220-hello\r\n", 300, 0.05),
    "dripping": (b"2", 300, 0.05),
}


class Conversation(socketserver.StreamRequestHandler):
    """One connection. ``server.mood`` says how it goes."""

    def handle(self):
        if self.server.mood == "silent":
            self.server.is_over.wait(30)
            return
        if self.server.mood in ENDLESS:
            self.talk_on(*ENDLESS[self.server.mood])
            return
        self.say("220 ready")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"QUIT":
                return self.say("221 bye")
            if verb == b"DATA":
                if not self.take():
                    return None
            elif verb == b"RCPT" and self.server.mood == "refusing":
                self.say(self.server.refusal)
            else:
                self.say("250 fine")

    def take(self) -> bool:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.server.messages.append(message_from_bytes(b"".join(lines)))
        self.server.on_taken()
        if self.server.mood == "dropping":  # took it, and never says so
            return False
        self.say("250 taken")
        return True

    def talk_on(self, words: bytes, times: int, pause: float):
        for _ in range(times):
            self.wfile.write(words)
            self.server.is_over.wait(pause)
        self.server.was_heard_out = True

    def say(self, line):
        self.server.is_over.wait(0.05 if self.server.mood == "slow" else 0)
        self.wfile.write(line.encode() + b"\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a port of its own; ``messages`` are those it took, ``on_taken`` is called after each."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, mood: str, port: int = 0):
        super().__init__(("127.0.0.1", port), Conversation)
        self.mood, self.messages, self.on_taken = mood, [], lambda: None
        self.refusal = "550 no such person: rosa@example.com"
        self.was_heard_out = False  # an endless one, to its end
        self.is_over = threading.Event()
        self.port = self.server_address[1]

    def handle_error(self, request, client_address):
        """A client that was killed is part of the tests."""

    @property
    def ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.messages]


@contextmanager
def mail_server(mood="fine", port=0):
    """Run a mail server of one mood: fine, silent, slow, refusing, dropping, or of ENDLESS."""
    server = MailServer(mood, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()
