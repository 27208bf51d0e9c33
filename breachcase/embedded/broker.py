"""The broker that rings when none is configured: kombu's transport over folders in the data folder."""

from pathlib import Path

from breachcase.embedded.folders import own_folder

URL = "filesystem://localhost"
FAIL_FAST = {"max_retries": 0, "socket_connect_timeout": 2, "socket_timeout": 2}
"""For a broker that is configured and down: a request says so at once instead of trying for ever [s]."""


def options(data: Path) -> dict[str, object]:
    """Return the transport options, making the folders, which only their owner can enter."""
    queue = data / "broker"
    control = data / "broker-control"
    own_folder(data)
    for place in (queue, control):
        place.mkdir(exist_ok=True, mode=0o700)
    return {"data_folder_in": str(queue), "data_folder_out": str(queue), "control_folder": str(control)}
