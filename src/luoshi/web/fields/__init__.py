"""What the district demands of places and enterprises, field by field, and the checks of it."""
