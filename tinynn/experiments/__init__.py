"""Experiments: the book's runs, the choice of hyper-parameters, and ensembles."""

from tinynn.experiments.ensembles import Ensemble

__all__ = ["Ensemble"]
