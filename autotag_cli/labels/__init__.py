"""``autotag labels``: the labels of a library, counted, searched, and compared with a list of the label model."""
