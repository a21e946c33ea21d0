"""The broker of files, with messages that appear whole.

kombu's own writes a message under its final name: a worker that looks in between reads an empty
file, loses the message, and its main process ends (kombu issue 1551). With a few processes that
write, this happens every few minutes, and each time nothing is done for some ten seconds.
"""

from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    # kombu itself names the message in two ways, so that no signature suits both.
    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        """Write beside, then rename: a name that begins with a dot is no message yet."""
        folder = Path(self.data_folder_out)
        name = f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        draft = folder / f".{name}"
        try:
            draft.write_text(dumps(payload), encoding="utf-8")
            draft.rename(folder / name)
        except OSError as error:
            raise ChannelError(f"Cannot add the file {name!r} to {folder}") from error


class Transport(filesystem.Transport):
    Channel = Channel


def install() -> None:
    """`filesystem://` means this transport from now on, in this process."""
    TRANSPORT_ALIASES["filesystem"] = "config.file_broker:Transport"
