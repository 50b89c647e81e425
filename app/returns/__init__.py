"""One file from one organisation for one period: read, judged, accepted or sent back row by row."""
