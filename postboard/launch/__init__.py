"""Bringing Postboard up: the compiled frontend, the server and what must hold before it starts."""
