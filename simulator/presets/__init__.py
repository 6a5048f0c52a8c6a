"""Upload presets: named settings of uploads, stored, and applied to calls."""
