"""Judges the demo's batch record by tools that are not ours: qpdf, pdftotext, pyHanko."""

import subprocess
import sys
from pathlib import Path

from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

demo = Path(sys.argv[1])
failures = []


def check(what, holds):
    print(("ok   " if holds else "FAIL ") + what)
    if not holds:
        failures.append(what)


def judge(path):
    """(intact, valid, trusted, bottom line) of the only signature; the seal's own certificate is the trust root."""
    with path.open("rb") as handle:
        reader = PdfFileReader(handle)
        signatures = reader.embedded_signatures
        if len(signatures) != 1:
            raise SystemExit(f"{path}: {len(signatures)} signatures, one seal expected")
        signature = signatures[0]
        root = list(load_certs_from_pemder_data(signature.signer_cert.dump()))
        status = validate_pdf_signature(signature, ValidationContext(trust_roots=root, allow_fetching=False))
        return status.intact, status.valid, status.trusted, status.bottom_line


records = sorted((demo / "records").glob("*.pdf"))
check("the demo left a batch record", bool(records))
for record in records:
    data = record.read_bytes()
    done = subprocess.run(["qpdf", "--check", str(record)], capture_output=True, text=True)
    check(f"{record.name}: qpdf finds no fault", done.returncode == 0)
    intact, valid, trusted, line = judge(record)
    check(f"{record.name}: the seal is VALID ({intact=} {valid=} {trusted=} {line=})", intact and valid and trusted and line)

    text = subprocess.run(["pdftotext", "-layout", str(record), "-"], capture_output=True, text=True).stdout
    pages = text.split("\f")[:-1]
    check(f"{record.name}: {len(pages)} pages, each with batch and page x of y",
          all(record.stem in page and f"of {len(pages)}" in page for page in pages))
    check(f"{record.name}: every page says it is a demo in simulated time",
          all("DEMO SITE" in page and "SIMULATED TIME" in page for page in pages))

    flipped = demo / "flipped.pdf"
    at = len(data) // 3
    flipped.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
    try:
        intact, valid, _, line = judge(flipped)
        check(f"{record.name}: one flipped bit makes the seal INVALID", not (intact and valid and line))
    except Exception as error:  # a reader that no longer finds its way has found the change too
        check(f"{record.name}: one flipped bit is found ({type(error).__name__})", True)
    flipped.unlink()

sys.exit(1 if failures else 0)
