"""The lessons: roles, claims and mistakes of one subject together, a file a subject."""
