"""What the `postboard` command can be asked to do: one file a command."""
