"""What goes in and out of the API as JSON: the shapes that clients rely on, with examples. No decisions."""
