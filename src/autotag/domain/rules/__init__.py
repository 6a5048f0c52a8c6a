"""The rules language, from TOML text to rules that are ready for evaluation."""
