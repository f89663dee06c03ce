"""What is learned, by whom, with whom, how far. One Django app, a package a room; the walls are import contracts."""
