"""Hooks of schemathesis: generated calls are filled in with keys, versions, credentials and names that exist, so that they
get past the door; what they are answered is counted. `FITTING` names the file of what is known, `COUNTED` where counts go."""

import atexit
import json
import os
import random
import uuid
from collections import Counter

import schemathesis

KNOWN = json.load(open(os.environ["FITTING"]))
RANDOM = random.Random(7)
VERSIONS = {tuple(key): etag for key, etag in KNOWN["versions"]}
COUNTED = Counter()
BY_ROUTE = {}


def place(recorded):
    """A step's occurrence of the running batch, with an entry that it asks: mostly one that was recorded, if that is wanted."""
    all_of = [(step, entry) for step in KNOWN["steps"] for entry in step["entries"]]
    wanted = [(step, entry) for step, entry in all_of if entry["recorded"] == recorded]
    return RANDOM.choice(wanted if wanted and RANDOM.random() < 0.8 else all_of)


def names(template, step, entry):
    master = RANDOM.choice(KNOWN["masters"])
    if "/lots/" in template:
        number = RANDOM.choice(KNOWN["lots"] or ["NONE"])
    elif template.startswith("/api/v1/deviations"):
        number = RANDOM.choice(KNOWN["deviations"] or ["NONE"])
    elif template.endswith("/abort") or template.endswith("/aftermath"):
        number = KNOWN["spare_batch"]
    else:
        number = KNOWN["batch"]
    least = {"gates": KNOWN["gates"], "reports": [1], "holds": KNOWN["holds"], "exceptions": KNOWN["exceptions"]}
    part = next((part for part in least if f"/{part}/" in template), "")
    if part == "reports":
        number = KNOWN["closed"]
    if "{sha256}" in template:
        number = KNOWN["closed"]
    return {
        "number": number, "op": step["op"], "n": step["n"], "step": step["step"], "k": step["k"],
        "entry": entry["entry"], "no": RANDOM.choice(least.get(part) or [1]) if part != "gates" else 1, "index": 0,
        "gate": RANDOM.choice(KNOWN["gates"] or ["NONE"]), "code": master["code"], "version": master["version"],
        "user_name": KNOWN["leaver"] if template.endswith(("/deactivation", "/password-reset")) else KNOWN["spare"], "id": RANDOM.choice(KNOWN["devices"] or ["NONE"]),
        "sha256": RANDOM.choice(KNOWN["files"] or ["0" * 64]), "parent": RANDOM.choice(KNOWN["lots"] or ["NONE"]),
    }


def thing(template, path):
    """What an order at this address is decided on, as answers name it."""
    number = path.get("number")
    if "/batches/" in template:
        operation = f"{path.get('op')}~{path.get('n')}"
        step = f"{operation}/{path.get('step')}~{path.get('k')}"
        if "{entry}" in template:
            return ("run", number, None, step if "{step}" in template else None, path["entry"], None)
        if "{step}" in template:
            return ("run", number, None, step, None, None)
        if "{op}" in template:
            return ("run", number, operation, None, None, None)
        if "/holds/" in template:
            return ("run", number, None, None, None, path["no"])
        return ("run", number, None, None, None, None)
    if "/lots/" in template:
        return ("lot", number, None, None, None, None)
    if "/masters/" in template:
        return ("master", f"{path['code']}~{path['version']}", None, None, None, None)
    if "/persons/" in template:
        return ("person", path.get("user_name"), None, None, None, None)
    return ("site", None, None, None, None, None)


def reading(entry):
    told = {"entry": entry["entry"], "value": entry["value"]}
    if entry.get("unit"):
        told["unit"] = entry["unit"]
    return told


def body_of(operation, body, required, members, step, entry):
    """What a generated body becomes: its names exist, its credentials are right."""
    at = f"{step['op']}~{step['n']}/{step['step']}~{step['k']}"
    # Most calls say what must be said; the others keep whatever was generated.
    if RANDOM.random() < 0.7:
        body = {name: value for name, value in body.items() if name in required}
    spoken = ("reason", "conclusion", "what", "text", "rationale", "comment", "finding", "assessment", "identity_check")
    for name in spoken:
        if isinstance(body.get(name), str) and name in required and RANDOM.random() < 0.8:
            body[name] = "looked into and written down"
    report = reading(entry)
    filled = {
        "record_entry": report,
        "correct_entry": {"value": entry["value"], "reason": "misread", **({"unit": entry["unit"]} if entry.get("unit") else {})},
        "PlaceHold": {"scope": RANDOM.choice([{"kind": "operation", "operation": "NONE"}, {"kind": "step", "step": step["step"]}])},
        "report": {"step": at} if RANDOM.random() < 0.5 else {},
        "report_on_floor": {"place": RANDOM.choice([{"kind": "batch", "batch": KNOWN["batch"]}, {"kind": "area", "area": "Seed"}])},
        "issue": {"number": "H-" + uuid.uuid4().hex[:10].upper(), "master": {"code": KNOWN["effective"]}},
        "register": {"id": "DEV-" + uuid.uuid4().hex[:8], "calibration_due": "2036-01-01T00:00:00Z"},
        "calibrate": {"calibration_due": "2036-01-01T00:00:00Z"},
        "create": {"user_name": "h" + uuid.uuid4().hex[:10], "printed_name": "Hedda Host", "roles": [{"role": "operator"}]},
        "grant": {"roles": [{"role": RANDOM.choice(["operator", "auditor"])}]},
        "rename": {"printed_name": "Hedda " + RANDOM.choice(["Host", "Hall", "Holm"])},
        "yielded": {"number": "L-" + uuid.uuid4().hex[:8].upper(), "material": KNOWN["output"], "parents": [],
                    "quantity": {"value": "1", "unit": KNOWN["output_unit"]}},
        "raise_alarm": {"step": at, "tag": "TAG-1", "text": "high"},
        "LookOver": {"values": [], "attempts": []},
        "HandOver": {},
        "ActInEmergency": {"notified": KNOWN["second"]["user_name"]},
        "DecideNotDeviations": {"exceptions": [{"no": no, "rationale": "no effect"} for no in KNOWN["exceptions"][:1]]},
        "triage": {"outcome": "not-a-deviation", "rationale": "no effect"},
        "acknowledge": {"version": 1},
        "draft": {"content": KNOWN["content"]},
        "edit": {"content": KNOWN["content"]},
        "add_parent": {"parent": "P-" + uuid.uuid4().hex[:6].upper()},
        "roles": {"roles": KNOWN["roles"]},
        "ProposeAmendment": {"change": {"kind": "instruction", "step": step["step"], "instruction": "Wait an hour."}},
        "join": {"batch": KNOWN["batch"], "exceptions": KNOWN["exceptions"][:1]},
    }
    body.update(filled.get(operation, {}))
    for name in ("temporary_password", "performed_at", "raised_at", "effective_from", "basis", "payload",
                 "payload_signature", "device", "files"):
        if name not in required:
            body.pop(name, None)
    for name in ("signature", "second_person"):
        body.pop(name, None)
    if "signature" in members:
        body["signature"] = KNOWN["signature"]
    if "second_person" in members and RANDOM.random() < 0.8:
        body["second_person"] = KNOWN["second"]
    return body


def asked(case):
    definition = case.operation.definition.raw
    content = definition.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
    parameters = {it.get("name") for it in definition.get("parameters", [])}
    return definition.get("operationId", ""), name, parameters


@schemathesis.hook
def before_call(context, case, kwargs):
    template = case.operation.path
    step, entry = place("{entry}" in template)
    operation, schema, declared = asked(case)
    if RANDOM.random() < 0.9:
        own = names(template, step, entry)
        for name in list(case.path_parameters or {}):
            case.path_parameters[name] = own.get(name, case.path_parameters[name])
    query = case.query or {}
    for name in list(query):
        # A cursor is only what the server gave; other words are asked sometimes.
        if name == "cursor" or RANDOM.random() < 0.75:
            del query[name]
    if case.method.upper() != "POST":
        return
    case.headers["Idempotency-Key"] = uuid.uuid4().hex
    if "If-Match" in declared:
        version = VERSIONS.get(thing(template, case.path_parameters or {}))
        case.headers["If-Match"] = version or '"0"'
    if not isinstance(case.body, dict):
        return
    if "MALFORMED" in os.environ:
        # What is wrong stays wrong but for passwords: five of those would lock the session.
        for name, who in (("signature", "signature"), ("second_person", "second")):
            if name in case.body:
                case.body[name] = KNOWN[who]
    else:
        case.body = body_of(operation, case.body, KNOWN["required"].get(schema, []), KNOWN["members"].get(schema, []), step, entry)


@schemathesis.hook
def after_call(context, case, response):
    COUNTED[response.status_code] += 1
    of = BY_ROUTE.setdefault(case.operation.label, Counter())
    said = ""
    try:
        told = response.json()
        said = told.get("code", "") if response.status_code >= 400 else ""
        for it in told.get("versions", []) if response.status_code < 300 else []:
            key = (it["kind"], it["number"], *(it.get(part) for part in ("operation", "step", "entry", "hold")))
            VERSIONS[key] = it["etag"]
    except (ValueError, AttributeError):
        pass
    of[f"{response.status_code} {said}".strip()] += 1


@atexit.register
def keep():
    with open(os.environ["COUNTED"], "w") as file:
        json.dump({"statuses": COUNTED, "routes": BY_ROUTE}, file)
