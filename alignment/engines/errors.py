class EngineError(Exception):
    """Why nothing was started, as one sentence for the person at the screen."""
