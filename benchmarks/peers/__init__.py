"""Other graders, given our exercises in their own formats, and how each is run at its best."""
