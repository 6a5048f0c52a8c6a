"""``python -m tests.unit.docs.regenerate``, in the project's folder: write the output of every example anew."""

from tests.unit.docs.examples import DOCUMENTS, regenerated

if __name__ == "__main__":
    for document in DOCUMENTS:
        document.write_text(regenerated(document.read_text("utf-8")), "utf-8")
