"""Views: what a terminal shows. One picture a file, each a demo: ``python -m tinynn.views.digit``.

Read ``lines`` first: a page is lines of styled text, which a pipe prints and Rich draws. ``blocks``
has bars, ``pictures`` small images and weights; the others are pages, or Rich renderables.
"""
