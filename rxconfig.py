"""Reflex looks for its configuration here, and only here."""

from postboard.launch.reflex_config import make_config
from postboard.settings import read_settings

config = make_config(read_settings())
