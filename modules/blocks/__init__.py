"""Our activities, an XBlock a folder: `block.py` (the XBlock), `rules.py` (plain functions), templates, static files.

They run in our own runtime, in the XBlock workbench and in Open edX; they know only `xblock`,
`web-fragments`, Jinja2 and PyYAML.
"""
