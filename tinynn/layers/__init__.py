"""Layers: described without numbers, and built from the equations."""

from tinynn.layers.dense import DenseLayer
from tinynn.layers.descriptions import Dense, Description, Plan, Shape
from tinynn.layers.layer import Forward, Layer, LayerGradient, register_layer

__all__ = [
    "Dense",
    "DenseLayer",
    "Description",
    "Forward",
    "Layer",
    "LayerGradient",
    "Plan",
    "Shape",
    "register_layer",
]
