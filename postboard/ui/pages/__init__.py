"""One module or package per page: the page, its State and its parts."""
