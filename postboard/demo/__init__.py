"""A made-up agency with four clients and a history, so that Postboard can be looked at."""

from postboard.demo.world import NotADemo, make_demo

__all__ = ["NotADemo", "make_demo"]
