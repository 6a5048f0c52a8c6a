"""A local Amazon Translate: TranslateText, with a few words of its own and marked ones for all others."""
