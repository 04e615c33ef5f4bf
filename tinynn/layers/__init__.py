"""Layers: described without numbers, and built from the equations."""

from tinynn.layers.dense import DenseLayer
from tinynn.layers.descriptions import Dense, Description, Dropout, Plan, Shape
from tinynn.layers.dropout import DropoutLayer
from tinynn.layers.layer import Forward, Layer, LayerGradient, register_layer

__all__ = [
    "Dense",
    "DenseLayer",
    "Description",
    "Dropout",
    "DropoutLayer",
    "Forward",
    "Layer",
    "LayerGradient",
    "Plan",
    "Shape",
    "register_layer",
]
