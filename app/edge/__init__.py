"""The outermost layer, for every request, and which of the two faces, pages or API, tells of a trouble."""
