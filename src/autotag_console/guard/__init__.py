"""The guard before every page: who may call, from where, with what; and the headers that answers carry."""
