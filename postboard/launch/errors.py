"""Why a command cannot go on."""


class CannotStart(Exception):  # noqa: N818 - an answer to the operator, not a fault
    """The message is one sentence for the operator, who sees nothing else."""
