"""A real SMTP server in a thread, and a real HTTP server: what goes out is really sent."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Box:
    """Takes mail for everybody but those it refuses."""

    def __init__(self, refused=()):
        self.mails, self.refused = [], set(refused)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 -- aiosmtpd's name
        if address in self.refused:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- the same
        self.mails.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@contextmanager
def smtp_server(settings, *, port=None, refused=(), password=None):
    """The server's box; Django's settings lead to it."""
    box, port = Box(refused), port or free_port()
    more = {}
    if password is not None:
        more = {
            "auth_required": True,
            "auth_require_tls": False,
            "authenticator": lambda _s, _n, _e, _m, data: AuthResult(
                success=data.password == password.encode(), handled=False
            ),
        }
    use_smtp(settings, port)
    controller = Controller(box, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def use_smtp(settings, port, *, user="", password=""):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = user, password
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 3


class _Desk(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((dict(self.headers), body))
        status = self.server.answers.pop(0) if self.server.answers else 200
        if status == "hang":
            self.server.released.wait(10)
            return
        self.send_response(status)
        self.end_headers()
        self.wfile.write(b"no such number 13812345678" if status != 200 else b"ok")

    def log_message(self, *_):
        """Quiet."""


@contextmanager
def http_server(*answers):
    """A gateway that answers with these statuses one after another, then 200; "hang": never."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Desk)
    server.received, server.answers = [], list(answers)
    server.released = threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}/send"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
