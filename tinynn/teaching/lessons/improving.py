"""Lesson 4: better costs, softmax, penalties, momentum, dropout (chapter 3)."""

CLAIMS: list = []
