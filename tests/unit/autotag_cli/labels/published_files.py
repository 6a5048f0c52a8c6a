"""Files in the shape of AWS's list of labels, with invented contents: few names, in the encodings that AWS's have."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

BOM = "\ufeff"
ALL = "AmazonRekognitionAllLabels_v3.0.csv"
ALIASES = "AmazonRekognitionAliasLabels_v3.0.csv"
CATEGORIES = "AmazonRekognitionLabelCategories_v3.0.csv"
MAPPING = "AmazonRekognitionLabelsCategoriesMapping_v3.0.csv"

LABELS = {
    **dict.fromkeys(["Guitar", "Electric Guitar", "Bass Guitar", "Stage", "Crowd"], "Music"),
    **dict.fromkeys(["Person", "Performer", "Musician"], "People"),
    **dict.fromkeys(["Koala", "Dog"], "Animals"),
    **dict.fromkeys(["Logo", "Text", "Car", "Crème Brûlée"], "Things"),
}


def published() -> dict[str, bytes]:
    """Return the files: with a byte-order mark, CRLF or LF, and one in Windows-1252."""
    aliases = ["Label,Alias 1,Alias 2,Alias 3", "Person,Human,,", "Car,Automobile,,", "Car,Auto,Motorcar,"]
    return {
        ALL: (BOM + "\r\n".join(["Label", *LABELS, ""])).encode(),
        ALIASES: (BOM + "\n".join([*aliases, ""])).encode(),
        CATEGORIES: (BOM + "Label Category\r\nMusic\r\nPeople\r\n").encode(),
        MAPPING: "\r\n".join(
            ["Label,Label Category", *(f"{name},{of}" for name, of in LABELS.items()), "Body Part,People", ""]
        ).encode("cp1252"),
    }


def zipped(path: Path, files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write the files into a zip in a folder of its own, as AWS's is."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    path.write_bytes(data.getvalue())
    return path
