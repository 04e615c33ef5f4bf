"""Your own digits: photographs to the inputs of a network, stage by stage."""

from tinynn.images.digit import Prepared, Stage, prepare

__all__ = ["Prepared", "Stage", "prepare"]
