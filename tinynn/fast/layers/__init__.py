"""Layers over arrays: each bound to a mini-batch of m columns."""

from tinynn.fast.layers.dense import DenseLayer
from tinynn.fast.layers.dropout import DropoutLayer
from tinynn.fast.layers.layer import Forward, Layer, LayerGradient

__all__ = ["DenseLayer", "DropoutLayer", "Forward", "Layer", "LayerGradient"]
