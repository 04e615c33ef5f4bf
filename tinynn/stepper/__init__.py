"""The stepper: a run of the engine's real code, recorded line by line with its numbers."""

from tinynn.stepper.recorder import Unrecorded
from tinynn.stepper.recording import Recording, record
from tinynn.stepper.steps import Step

__all__ = ["Recording", "Step", "Unrecorded", "record"]
