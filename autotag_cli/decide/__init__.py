"""The command decide: rules tried offline on files and labels."""
