"""``autotag decide``: rules tried offline on files and labels."""
