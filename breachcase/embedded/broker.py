"""The broker that rings when none is configured: kombu's transport over folders in the data folder."""

from pathlib import Path

URL = "filesystem://"


def options(data: Path) -> dict[str, object]:
    """Return the transport options; the folders are made on first use."""
    queue = data / "broker"
    control = data / "broker-control"
    for place in (queue, control):
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {"data_folder_in": str(queue), "data_folder_out": str(queue), "control_folder": str(control)}
