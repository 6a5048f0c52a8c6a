// Unpacks Chromium, and the libraries and fonts that a bare machine lacks, into the folder that TMPDIR names.
import { fileURLToPath } from "node:url";
import { inflate } from "@sparticuz/chromium";

const archives = new URL("../bin/", import.meta.resolve("@sparticuz/chromium"));
const unpack = (name) => inflate(fileURLToPath(new URL(name, archives)));
await Promise.all(["chromium.br", "al2023.tar.br", "fonts.tar.br"].map(unpack));
