"""Judges the published schemas and the example master records by a JSON Schema library that is not ours."""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator

schemas = Path(sys.argv[1])
failures = 0
for path in sorted(schemas.glob("*.schema.json")):
    schema = json.loads(path.read_text())
    Draft202012Validator.check_schema(schema)
    print(f"ok   {path.name} is a 2020-12 schema")
    if path.name == "master-record.schema.json":
        validator = Draft202012Validator(schema)
        for example in sorted((schemas / "examples").glob("*.json")):
            errors = list(validator.iter_errors(json.loads(example.read_text())))
            failures += len(errors)
            print(("FAIL " if errors else "ok   ") + f"{example.name} follows it")
            for error in errors[:5]:
                print("     ", error.json_path, error.message)
sys.exit(1 if failures else 0)
