"""``python -m tests.unit.docs.regenerate``, in the project's folder: write the output of every example anew."""

from tests.unit.docs.examples import DOCUMENT, regenerated

if __name__ == "__main__":
    DOCUMENT.write_text(regenerated(DOCUMENT.read_text("utf-8")), "utf-8")
