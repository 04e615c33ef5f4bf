"""Layers over arrays: each bound to a mini-batch of m columns."""

from tinynn.fast.layers.convolution import ConvolutionLayer
from tinynn.fast.layers.dense import DenseLayer
from tinynn.fast.layers.dropout import DropoutLayer
from tinynn.fast.layers.layer import Forward, Layer, LayerGradient
from tinynn.fast.layers.pooling import L2PoolingLayer, MaxPoolingLayer

__all__ = [
    "ConvolutionLayer",
    "DenseLayer",
    "DropoutLayer",
    "Forward",
    "L2PoolingLayer",
    "Layer",
    "LayerGradient",
    "MaxPoolingLayer",
]
