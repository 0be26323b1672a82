"""Lets schemathesis try the demo as each of its roles: every answer is what the OpenAPI document says of it (status, media
type, shape), none is a 5xx. Keys, versions, credentials and names are filled in (`fitting.py`), so that most calls get past
the door: at least 60 % answer 2xx, 409, 412 or 428. A last run sends what is malformed, and is counted apart."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from pathlib import Path

base, accounts_file, binaries = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
LEAST = 0.60
SECONDS = int(os.environ.get("HOSTILE_SECONDS", "20"))
ROLES = ["operator", "supervisor", "qc-analyst", "qc-supervisor", "process-engineer", "qa", "qualified-person", "auditor",
         "administrator"]


def call(method, path, body=None, token=None, headers=()):
    sent = {"Content-Type": "application/json", **dict(headers)}
    if token:
        sent["Authorization"] = "Bearer " + token
    if method == "POST" and token:
        sent["Idempotency-Key"] = uuid.uuid4().hex
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data=data, headers=sent, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


for _ in range(600):
    try:
        urllib.request.urlopen(base + "/health/ready").read()
        break
    except OSError:
        time.sleep(0.5)
else:
    raise SystemExit("the demo does not answer")

accounts = json.loads(accounts_file.read_text())
document = call("GET", "/api/openapi.json")


def credentials(account):
    return {"user_name": account["user_name"], "password": account["password"]}


def session(account):
    return call("POST", "/api/v1/sessions", credentials(account))["access_token"]


def holder(role, skip=0):
    return [account for account in accounts if role in account["roles"]][skip]


supervisor, operator, quality = holder("supervisor"), holder("operator"), holder("qa")
effective = call("GET", "/api/v1/masters?phase=effective", token=session(supervisor))["masters"][0]


def issued():
    number = "HOSTILE-" + uuid.uuid4().hex[:6].upper()
    body = {"number": number, "master": {"code": effective["code"]}, "signature": credentials(supervisor)}
    call("POST", "/api/v1/batches", body, session(supervisor))
    return number


def value(ask):
    """A value as the specification of an entry would take it."""
    spec = ask["specification"]
    if spec["kind"] == "confirm":
        return True
    if spec["kind"] == "choice":
        return spec["options"][0]
    if spec["kind"] == "date-time":
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return spec.get("set_point") or ("1" if ask.get("unit") else "LOT-1")


def started(batch, most):
    """Starts what can be started, and reports an event."""
    token = session(operator)
    for _ in range(most):
        view = call("GET", f"/api/v1/batches/{batch}", token=token)
        for step in [it for it in view["next"] if it["may_start"]][:1]:
            operation, at = step["step"].split("/")
            path = f"/api/v1/batches/{batch}/operations/{operation}/steps/{at}"
            call("POST", path + "/start", {}, token)
            for ask in call("GET", path, token=token)["asks"][:1]:
                report = {"entry": ask["entry"], "value": value(ask), **({"unit": ask["unit"]} if ask["unit"] else {})}
                try:
                    call("POST", path + "/entries", report, token)
                except urllib.error.HTTPError:
                    pass
    call("POST", f"/api/v1/batches/{batch}/events", {"what": "a noise"}, token)


def joins(name):
    body = {"user_name": name + uuid.uuid4().hex[:6], "printed_name": "Hedda Host", "roles": [{"role": "operator"}],
            "service": False, "reason": "joins"}
    call("POST", "/api/v1/persons", body, session(holder("administrator")))
    return body["user_name"]


def deviating(batch):
    """Opens a deviation for the batch's first exception."""
    body = {"outcome": "deviation", "title": "a noise", "class": "minor", "signature": credentials(quality)}
    return call("POST", f"/api/v1/batches/{batch}/exceptions/1/triage", body, session(quality))["deviation"]


def known(account):
    """What exists now, and at which version."""
    token = session(quality)
    view = call("GET", f"/api/v1/batches/{batch}", token=token)
    versions = [[["run", batch, None, None, None, None], view["etag"]]]
    steps = []
    for it in view["operations"]:
        if it.get("etag"):
            versions.append([["run", batch, it["operation"], None, None, None], it["etag"]])
    for step in view["steps"]:
        operation, at = step["step"].split("/")
        path = f"/api/v1/batches/{batch}/operations/{operation}/steps/{at}"
        asks = call("GET", path, token=token)["asks"]
        recorded = {it["entry"] for it in step["entries"] if it.get("etag")}
        entries = [{"entry": ask["entry"], "value": value(ask), "unit": ask["unit"], "recorded": ask["entry"] in recorded}
                   for ask in asks]
        (op, n), (name, k) = operation.rsplit("~", 1), at.rsplit("~", 1)
        steps.append({"op": op, "n": int(n), "step": name, "k": int(k), "entries": entries})
        versions.append([["run", batch, None, step["step"], None, None], step["etag"]])
        versions += [[["run", batch, None, step["step"], it["entry"], None], it["etag"]]
                     for it in step["entries"] if it.get("etag")]
    versions += [[["run", batch, None, None, None, it["no"]], it["etag"]] for it in view["holds"]]
    lots = call("GET", "/api/v1/lots", token=token)["lots"]
    versions += [[["lot", it["number"], None, None, None, None], it["etag"]] for it in lots]
    masters = call("GET", "/api/v1/masters", token=token)["masters"]
    for it in masters:
        shown = call("GET", f"/api/v1/masters/{it['code']}/versions/{it['version']}", token=token)
        versions.append([["master", f"{it['code']}~{it['version']}", None, None, None, None], shown["etag"]])
    administrator = session(holder("administrator"))
    shown = call("GET", f"/api/v1/deviations/{deviation}", token=token)
    versions.append([["deviation", deviation, None, None, None, None], shown["etag"]])
    person = call("GET", f"/api/v1/persons/{spare}", token=administrator)
    versions.append([["person", spare, None, None, None, None], person["etag"]])
    site = call("GET", "/api/v1/site", token=token)
    versions.append([["site", None, None, None, None, None], site["etag"]])
    closed = next((it["number"] for it in call("GET", "/api/v1/batches?phase=closed", token=token)["batches"]), batch)
    last = call("GET", f"/api/v1/batches/{closed}", token=token)
    content = call("GET", f"/api/v1/masters/{effective['code']}/versions/{effective['version']}/content", token=token)
    output = (content.get("outputs") or [{"material": "NONE", "unit": "kg"}])[0]
    others = [it for it in accounts if it["user_name"] != account["user_name"]]
    alike = [it for it in others if set(it["roles"]) & set(account["roles"])]
    schemas = document["components"]["schemas"]
    files = sorted({word for word in json.dumps(last).split('"') if len(word) == 64 and set(word) <= set("0123456789abcdef")})
    return {
        "batch": batch, "spare_batch": spare_batch, "closed": closed, "spare": spare, "leaver": leaver, "steps": steps, "versions": versions,
        "gates": [it["gate"] for it in view["gates"]], "holds": [it["no"] for it in view["holds"]],
        "exceptions": [it["no"] for it in view["exceptions"]], "lots": [it["number"] for it in lots],
        "deviations": [deviation] * 4 + [it["number"] for it in call("GET", "/api/v1/deviations", token=token)["deviations"]],
        "masters": [{"code": it["code"], "version": it["version"]} for it in masters],
        "devices": [it["id"] for it in call("GET", "/api/v1/devices", token=token)["devices"]],
        "files": files, "content": content, "effective": effective["code"], "roles": site["roles"],
        "output": output.get("name") or output.get("material"), "output_unit": output.get("unit", "kg"),
        "signature": credentials(account), "second": credentials((alike or others)[0]),
        "required": {name: schema.get("required", []) for name, schema in schemas.items()},
        "members": {name: list(schema.get("properties", {})) for name, schema in schemas.items()},
    }


def may(role):
    """The operations that a role may do something by: those whose authority names one that it holds, or everybody's."""
    site = call("GET", "/api/v1/site", token=session(quality))
    held = next(it["authorities"] for it in site["roles"] if it["name"] == role)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            words = operation["x-authority"].replace(";", " ").replace(",", " ").split()
            if set(words) & {*held, "any", "anybody", "own"}:
                yield f"{method.upper()} {path}"


def attacked(account, names, more, seconds, only=(), malformed=False):
    """One run as somebody; how often it was answered with what, and whether everything was as documented."""
    with tempfile.TemporaryDirectory() as folder:
        fitting, counted = Path(folder, "known.json"), Path(folder, "counted.json")
        fitting.write_text(json.dumps(names))
        environment = {**os.environ, "SCHEMATHESIS_HOOKS": "fitting", "PYTHONPATH": str(Path(__file__).parent),
                       "FITTING": str(fitting), "COUNTED": str(counted), **({"MALFORMED": "1"} if malformed else {})}
        chosen = [word for name in only for word in ("--include-name", name)]
        done = subprocess.run([
            str(binaries / "schemathesis"), "run", base + "/api/openapi.json",
            "--header", "Authorization: Bearer " + session(account),
            "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
            "--workers", "1", "--seed", "7", "--generation-deterministic", "--max-time", str(seconds), "--no-shrink",
            "--exclude-path-regex", "/sessions|/persons/current/password",
            "--request-timeout", "30", "--suppress-health-check", "all", "--warnings", "off", *chosen, *more,
        ], env=environment, cwd=folder)
        told = json.loads(counted.read_text()) if counted.exists() else {"statuses": {}, "routes": {}}
    return done.returncode, told


def rate(statuses):
    total = sum(statuses.values())
    past = sum(n for status, n in statuses.items() if status.startswith("2") or status in ("409", "412", "428"))
    return past, total, past / total if total else 0.0


batch, spare_batch = issued(), issued()
started(batch, 3)
spare, leaver, deviation = joins("hedda"), joins("hanno"), deviating(batch)
worst, everything, routes = 0, Counter(), {}
for role in ROLES:
    account = holder(role)
    print(f"--- as {role}", flush=True)
    names = known(account)
    more = ["--mode", "positive", "--max-examples", "6", "--phases", "fuzzing"]
    code, told = attacked(account, names, more, SECONDS, sorted(may(role)))
    worst = max(worst, code)
    past, total, share = rate(told["statuses"])
    print(f"--- {role}: {past} of {total} calls answered 2xx, 409, 412 or 428 ({share:.0%}): {told['statuses']}", flush=True)
    everything.update(told["statuses"])
    for route, answers in told["routes"].items():
        routes.setdefault(route, Counter()).update(answers)
print("--- malformed, as operator", flush=True)
code, told = attacked(operator, known(operator),
                      ["--mode", "all", "--max-examples", "4", "--phases", "examples,coverage,fuzzing"], SECONDS, malformed=True)
worst = max(worst, code)
print(f"--- malformed: {told['statuses']}", flush=True)
if kept := os.environ.get("HOSTILE_KEEP"):
    Path(kept).write_text(json.dumps(routes, indent=1))
past, total, share = rate(everything)
print(f"{past} of {total} calls answered 2xx, 409, 412 or 428: {share:.0%}, at least {LEAST:.0%} are asked")
if share < LEAST:
    raise SystemExit("too few calls get past the door")
sys.exit(worst)
