"""The one error of this package."""


class EngineError(Exception):
    """An engine cannot be started; the text says why in words that a developer can act on."""
