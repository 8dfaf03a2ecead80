"""A page on this computer, for people who do not use a terminal: paste a list or drop a file, read the report.

It listens on 127.0.0.1 alone and keeps nothing. `app` holds the routes and what guards them, `checks` the work.
"""

from refcheck.web.app import create_app
from refcheck.web.server import serve

__all__ = ["create_app", "serve"]
