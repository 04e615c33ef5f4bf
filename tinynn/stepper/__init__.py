"""The stepper: a run of the engine's real code, recorded line by line with its numbers."""

from tinynn.stepper.recording import Recording, Step, record

__all__ = ["Recording", "Step", "record"]
