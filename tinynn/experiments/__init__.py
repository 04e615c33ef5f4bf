"""Experiments: the book's own runs again, how to choose hyper-parameters, and ensembles."""

from tinynn.experiments.ensembles import Ensemble

__all__ = ["Ensemble"]
