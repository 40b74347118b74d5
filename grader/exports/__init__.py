"""What counts of a class, in the forms that others read: entries in, text out. Pure."""
