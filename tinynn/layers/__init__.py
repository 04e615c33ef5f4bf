"""Layers: descriptions without numbers, and layers with numbers, built from the equations."""

from tinynn.layers.convolution import ConvolutionLayer
from tinynn.layers.dense import DenseLayer
from tinynn.layers.descriptions import (
    Convolution,
    Dense,
    Description,
    Dropout,
    L2Pooling,
    MaxPooling,
    Plan,
    Shape,
)
from tinynn.layers.dropout import DropoutLayer
from tinynn.layers.layer import Forward, Layer, LayerGradient, register_layer
from tinynn.layers.pooling import L2PoolingLayer, MaxPoolingLayer

__all__ = [
    "Convolution",
    "ConvolutionLayer",
    "Dense",
    "DenseLayer",
    "Description",
    "Dropout",
    "DropoutLayer",
    "Forward",
    "L2Pooling",
    "L2PoolingLayer",
    "Layer",
    "LayerGradient",
    "MaxPooling",
    "MaxPoolingLayer",
    "Plan",
    "Shape",
    "register_layer",
]
