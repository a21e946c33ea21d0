"""`manage.py serve`: the whole installation in one terminal."""

import logging
import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from config import first_start
from config.supervisor import Child, Supervisor


class Command(BaseCommand):
    help = "Serves the site with one worker and the clock, and prepares what they need."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--concurrency", type=int, default=2, help="processes of the worker")
        parser.add_argument("--empty", action="store_true", help="load nothing on a first start")

    def handle(self, *_: Any, **options: Any) -> None:
        logging.disable(logging.INFO)  # in this process: a progress bar stands here
        host, port = options["host"], options["port"]
        self.refuse_taken_port(host, port)
        first_start.collect_static_files(self.tell)
        first_start.prepare([] if options["empty"] else settings.FIRST_START, self.tell)
        self.tell(f"\nGongzhi: http://{host}:{port}/    (Ctrl-C ends it)")
        if "demo_people" in get_commands():
            call_command("demo_people", stdout=self.stdout)
        self.tell("")
        children = children_of(host, port, options["concurrency"])
        Supervisor(children, cwd=settings.BASE_DIR, out=sys.stdout).run()

    def tell(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def refuse_taken_port(self, host: str, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} cannot be used ({error.strerror}). Choose another: "
                    f"make run PORT={port + 1}"
                ) from error


def children_of(host: str, port: int, concurrency: int) -> list[Child]:
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--quiet", "--app", "config"]
    worker = ["worker", "--concurrency", str(concurrency), "--without-gossip", "--without-mingle"]
    web = [*python, "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
    seen_at = {"SITE_URL": os.environ.get("SITE_URL", f"http://localhost:{port}")}
    return [
        Child("web", web, {"HOST": host, "PORT": str(port), **seen_at}),
        Child("worker", [*celery, *worker], seen_at),
        Child("clock", [*celery, "beat", "--pidfile="], seen_at),
    ]
