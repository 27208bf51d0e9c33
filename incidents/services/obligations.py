from incidents.services.change import Change


def refresh_obligations(under: Change) -> None: ...
