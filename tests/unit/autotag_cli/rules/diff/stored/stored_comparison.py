"""Two rules files, and what changes between them on the assets that a stack knows."""

OLD = 'name = "old"\n'
NEW = 'name = "new"\n[defaults]\nthreshold = 0.5\n[[when]]\nfolder = "zoo"\nset = { threshold = 0.99 }\n'

ASSETS = 1000
EXPECTED = [
    {
        "tag": "Guitar",
        "gained": 900 - 200 - 1,  # not in the zoo, not there as a person's, and not where a person took it away
        "lost": 0,
        "examples": {"gained": ["stage/0002", "stage/0003", "stage/0004"], "lost": []},
    },
    {
        "tag": "Stage",
        "gained": 0,
        "lost": 100,
        "examples": {"gained": [], "lost": ["zoo/0000", "zoo/0010", "zoo/0020"]},
    },
]
