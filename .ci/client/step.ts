/**
 * A step of a new batch, by a client that is generated from the OpenAPI document: recorded, corrected, checked, completed.
 * Every version that it decides on was told by an answer before; it asks for none.
 */

import createClient from "openapi-fetch";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { components, paths } from "./api.js";

type Account = { user_name: string; password: string; roles: string[] };
type Version = components["schemas"]["VersionTold"];
type Refused = components["schemas"]["Problem"];
type Answer<T> = { data?: T; error?: Refused; response: Response };

const [base, file] = process.argv.slice(2);
if (base === undefined || file === undefined) throw new Error("usage: step BASE ACCOUNTS");
const accounts = JSON.parse(readFileSync(file, "utf8")) as Account[];

/** What an order or a question was answered; a refusal ends the program. */
function done<T>({ data, error, response }: Answer<T>): T {
  if (error !== undefined) throw new Error(`${response.url}: ${error.code}: ${error.detail}`);
  if (data === undefined) throw new Error(`${response.url}: ${response.status} without an answer`);
  return data;
}

function holding(role: string, skip = 0): Account {
  const account = accounts.filter((it) => it.roles.includes(role))[skip];
  if (account === undefined) throw new Error(`nobody holds ${role}`);
  return account;
}

/** A signed-in person. */
async function person(account: Account) {
  const client = createClient<paths>({ baseUrl: base! });
  const { user_name, password } = account;
  const session = done(await client.POST("/api/v1/sessions", { body: { user_name, password } }));
  client.use({
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${session.access_token}`);
      return request;
    },
  });
  return { client, signature: { user_name, password } };
}

const key = () => ({ "Idempotency-Key": randomUUID() });

/** The newest version of a thing that answers told. */
class Told {
  private readonly known: Version[] = [];

  hear<T extends { versions: Version[] }>(answer: T): T {
    this.known.push(...answer.versions);
    return answer;
  }

  at(step: string, entry?: string): string {
    const found = this.known.filter((it) => it.step === step && it.entry === entry).at(-1);
    if (found === undefined) throw new Error(`no answer told a version of ${step} ${entry ?? ""}`);
    return found.etag;
  }
}

const [supervisor, operator, checker, witness] = await Promise.all([
  person(holding("supervisor")),
  person(holding("operator")),
  person(holding("operator", 1)),
  person(holding("operator", 2)),
]);
const masters = done(await supervisor.client.GET("/api/v1/masters", { params: { query: { phase: "effective" } } }));
const master = masters.masters[0];
if (master === undefined) throw new Error("no master record is effective");

const number = `CLIENT-${Date.now().toString(36).toUpperCase()}`;
const issued = done(
  await supervisor.client.POST("/api/v1/batches", {
    params: { header: key() },
    body: { number, master: { code: master.code }, signature: supervisor.signature },
  }),
);
const batch = done(await operator.client.GET("/api/v1/batches/{number}", { params: { path: { number } } }));
const next = batch.next.find((it) => it.may_start);
if (next === undefined) throw new Error(`nothing can be begun in ${issued.record.number}`);

/** The path of a step's occurrence, as in `OP-01.1~1/01.1.1~1`. */
function place(occurrence: string) {
  const parts = /^(.+)~(\d+)\/(.+)~(\d+)$/.exec(occurrence);
  const [, op, n, step, k] = parts ?? [];
  if (op === undefined || step === undefined) throw new Error(`${occurrence} is no occurrence`);
  return { number, op, n: Number(n), step, k: Number(k) };
}

const told = new Told();
const path = place(next.step);
const occurrences = "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}" as const;
told.hear(
  done(await operator.client.POST(`${occurrences}/start`, { params: { path, header: key() }, body: {} })),
);
const part = done(await operator.client.GET(occurrences, { params: { path } }));
const ask = part.asks[0];
if (ask === undefined || part.asks.length !== 1) throw new Error(`${next.step} asks ${part.asks.length} things`);
const { entry } = ask;

// Recorded.
told.hear(
  done(
    await operator.client.POST(`${occurrences}/entries`, {
      params: { path, header: key() },
      body: { entry, value: "WCB-2026-0010" },
    }),
  ),
);

// Without the version it is decided on, a correction is refused: the type of the header says so before.
const blind = await operator.client.POST(`${occurrences}/entries/{entry}/corrections`, {
  // @ts-expect-error If-Match is missing
  params: { path: { ...path, entry }, header: key() },
  body: { value: "WCB-2026-0011", reason: "misread" },
});
if (blind.error?.code !== "version-required") throw new Error(`${blind.response.status} without a version`);

// Corrected.
const corrected = told.hear(
  done(
    await operator.client.POST(`${occurrences}/entries/{entry}/corrections`, {
      params: { path: { ...path, entry }, header: { ...key(), "If-Match": told.at(next.step, entry) } },
      body: { value: "WCB-2026-0011", reason: "misread" },
    }),
  ),
);
if (corrected.shown !== "WCB-2026-0011") throw new Error(`${corrected.shown} was recorded`);

// Checked.
told.hear(
  done(
    await checker.client.POST(`${occurrences}/entries/{entry}/checks`, {
      params: { path: { ...path, entry }, header: { ...key(), "If-Match": told.at(next.step, entry) } },
      body: { against: "seen" },
    }),
  ),
);

// Completed, and witnessed.
told.hear(
  done(
    await operator.client.POST(`${occurrences}/completion`, {
      params: { path, header: { ...key(), "If-Match": told.at(next.step) } },
      body: { signature: operator.signature, second_person: witness.signature },
    }),
  ),
);
const complete = done(await operator.client.GET(occurrences, { params: { path } }));
if (complete.phase !== "complete") throw new Error(`${next.step} is ${complete.phase}`);
if (complete.etag !== told.at(next.step)) throw new Error(`the last answer told ${told.at(next.step)}, not ${complete.etag}`);

// A number goes as the text that was read, with its unit; a JSON number is no value.
// @ts-expect-error a number
const never: components["schemas"]["SentValue"] = 1.0;
void never;
const after = done(await operator.client.GET("/api/v1/batches/{number}", { params: { path: { number } } }));
const second = after.next.find((it) => it.may_start);
if (second === undefined) throw new Error("nothing follows");
const further = place(second.step);
told.hear(
  done(
    await operator.client.POST(`${occurrences}/start`, { params: { path: further, header: key() }, body: {} }),
  ),
);
const asked = done(await operator.client.GET(occurrences, { params: { path: further } }));
const measured = asked.asks.find((it) => typeof it.unit === "string");
if (measured === undefined || typeof measured.unit !== "string") throw new Error("no number is asked for");
const recorded = told.hear(
  done(
    await operator.client.POST(`${occurrences}/entries`, {
      params: { path: further, header: key() },
      body: { entry: measured.entry, value: "1.0", unit: measured.unit },
    }),
  ),
);
if (!recorded.shown?.startsWith("1.0 ")) throw new Error(`${recorded.shown} was recorded`);
console.log(`${number}: ${next.step} recorded, corrected, checked and completed on the versions that answers told`);
