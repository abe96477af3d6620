"""Pictures and videos: what a file is by its content, and where files lie."""
