"""Tags in several languages: the languages of one tag stay or go together."""
