"""Views: what a terminal shows. One picture a file, each a demo: ``python -m tinynn.views.digit``.

``blocks`` and ``plain`` are text alone; the others are Rich renderables.
"""
