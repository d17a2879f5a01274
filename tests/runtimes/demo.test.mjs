// The demo as a visitor of the README runs it: a process of its own, real workerd, real origins, a file that is edited.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { Agent } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { closedPort, listen } from "./router/origin.mjs";
import { send, until } from "./router/client.mjs";

const MAIN = fileURLToPath(new URL("../../demo/main.mjs", import.meta.url));
const SNAPSHOT = new URL("../../demo/snapshot.json", import.meta.url);

/** Enough to tell 25 % from 50 %. */
const PROBES = Array.from({ length: 100 }, (_, number) => `probe-${number}`);
const USERS = Array.from({ length: 10_000 }, (_, number) => `user-${number}`);

/** @type {string} */
let folder;
/** @type {string} the file that the demo follows */
let file;
/** @type {any} the snapshot as the demo ships it, at other ports */
let shipped;
/** @type {Awaited<ReturnType<typeof startDemo>>} */
let demo;
/** @type {string} */
let url;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "pointsman-"));
  file = join(folder, "snapshot.json");
  shipped = JSON.parse(await readFile(SNAPSHOT, "utf8"));
  for (const backend of Object.values(shipped.backends)) backend.origin = `http://127.0.0.1:${await closedPort()}`;
  await edit(shipped);
  demo = await startDemo(await closedPort());
  url = demo.url;
});
after(async () => {
  agent.destroy();
  await demo?.stop("SIGTERM");
  await rm(folder, { recursive: true });
});

// Each test begins with the shipped snapshot being served.
beforeEach(async () => {
  if ((await readFile(file, "utf8")) === textOf(shipped) || demo.child.exitCode !== null) return;
  await edit(shipped);
  const places = () => Promise.all([origins(PROBES), origin("alice"), origin("carol", "/api/orders")]);
  await until(
    places,
    ([probes, alice, carol]) => inCanary(probes).size < 35 && alice === "canary" && carol === "stable",
  );
});

/** @param {any} snapshot */
const textOf = (snapshot) => JSON.stringify(snapshot, null, 2);

/** @param {any} snapshot */
async function edit(snapshot) {
  await writeFile(file, textOf(snapshot));
}

/** The shipped snapshot with more in one flag. @param {object} change @param {string} [flag] */
function changed(change, flag = "new-checkout") {
  return { ...shipped, flags: { ...shipped.flags, [flag]: { ...shipped.flags[flag], ...change } } };
}

/** @param {number} port */
function run(port) {
  const env = { ...process.env, PORT: String(port), SNAPSHOT: file };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ["ignore", "pipe", "pipe"] });
  const output = { text: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output.text += chunk));
  return { child, output };
}

/** @param {number} port */
async function startDemo(port) {
  const { child, output } = run(port);
  const ready = `ready http://127.0.0.1:${port}\n`;
  await until(
    async () => output.text,
    (text) => text.includes(ready) || child.exitCode !== null,
    20_000,
  );
  assert.ok(output.text.includes(ready), output.text);
  const stop = async (/** @type {NodeJS.Signals} */ signal) => {
    if (child.exitCode !== null) return child.exitCode;
    child.kill(signal);
    return (await once(child, "exit"))[0];
  };
  return { url: `http://127.0.0.1:${port}`, child, output, stop };
}

/** Which origin a user reaches. @param {string} user @param {string} [path] */
async function origin(user, path = "/checkout") {
  const answer = await send(url + path, { agent, headers: { cookie: `uid=${user}` } });
  const name = String(answer.headers["x-origin"]);
  assert.equal(answer.text, `${name} answers GET ${path}\n`);
  return name;
}

/** All users' origins, sixteen at a time. @returns {Promise<Map<string, string>>} */
async function origins(users = USERS) {
  const reached = new Map();
  const waiting = users.values();
  const worker = async () => {
    for (const user of waiting) reached.set(user, await origin(user));
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return reached;
}

/** @param {Map<string, string>} reached */
const inCanary = (reached) => new Set([...reached].filter(([, name]) => name === "canary").map(([user]) => user));

/** Until a user that the change concerns is at its new place: two seconds at most. @param {string} user @param {string} name */
const arrives = (user, name, path = "/checkout") =>
  until(
    () => origin(user, path),
    (reached) => reached === name,
    2_000,
  );

test("10,000 users at 25 %: a quarter in canary, each always at the same place", async () => {
  const first = await origins();
  const share = (inCanary(first).size / USERS.length) * 100;
  assert.ok(Math.abs(share - 25) <= 1.5, `${share} % reached canary`);
  assert.deepEqual(await origins(), first);
  assert.deepEqual(await origins(), first);
});

test("whitelisted users always reach canary", async () => {
  for (let round = 0; round < 5; round++) {
    assert.deepEqual(await Promise.all(["alice", "bob"].map((user) => origin(user))), ["canary", "canary"]);
  }
});

test("going from 25 to 50 % moves nobody away from canary", async () => {
  const quarter = inCanary(await origins());
  await edit(changed({ rolloutPercentage: 50 }));
  await until(
    () => origins(PROBES),
    (reached) => inCanary(reached).size > 35,
  );
  const half = inCanary(await origins());
  assert.deepEqual(
    [...quarter].filter((user) => !half.has(user)),
    [],
  );
  assert.ok(Math.abs((half.size / USERS.length) * 100 - 50) <= 1.5, `${half.size} of ${USERS.length}`);
});

test("the kill switch sends everyone to stable within two seconds, the whitelisted too", async () => {
  await edit(changed({ enabled: false }));
  await arrives("alice", "stable");
  assert.equal(inCanary(await origins(["alice", "bob", ...USERS.slice(0, 500)])).size, 0);
});

test("an edit shows after idle time too, at the first request", async () => {
  await edit(changed({ enabled: false }));
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  assert.equal(await origin("alice"), "stable");
});

test("an editor that replaces the file is followed", async () => {
  await writeFile(`${file}.new`, JSON.stringify(changed({ enabled: false })));
  await rename(`${file}.new`, file);
  await arrives("alice", "stable");
});

test("a broken edit is told with its place, and the last good snapshot serves on", async () => {
  const before = await origins(USERS.slice(0, 200));
  const text = textOf(shipped);
  await writeFile(file, text.replace('"rolloutPercentage": 25', '"rolloutPercentage" 25'));
  const line = text.split("\n").findIndex((one) => one.includes("rolloutPercentage")) + 1;
  await until(
    async () => demo.output.text,
    (output) => new RegExp(`^${line}:\\d+: .+ \\([A-Z_]+\\)$`, "m").test(output),
    4_000,
  );
  assert.deepEqual(await origins(USERS.slice(0, 200)), before);
});

test("blue-green: a tester sees green first, then everyone at once, then nobody", async () => {
  const api = (user) => origin(user, "/api/orders");
  const users = ["carol", "dave", "erin"];
  assert.equal(await api("tester"), "canary");
  assert.deepEqual(await Promise.all(users.map(api)), ["stable", "stable", "stable"]);
  await edit(changed({ rollout: { percentage: 100 } }, "api"));
  await arrives("carol", "canary", "/api/orders");
  assert.deepEqual(await Promise.all(users.map(api)), ["canary", "canary", "canary"]);
  await edit(shipped);
  await arrives("carol", "stable", "/api/orders");
  assert.deepEqual(await Promise.all(users.map(api)), ["stable", "stable", "stable"]);
});

test("a visitor without a name gets a cookie, and stays where it leads", async () => {
  const first = await send(`${url}/checkout`, { agent });
  const cookie = first.setCookie[0].split(";")[0];
  assert.match(cookie, /^visitor=./);
  for (let round = 0; round < 5; round++) {
    const again = await send(`${url}/checkout`, { agent, headers: { cookie } });
    assert.deepEqual([again.headers["x-origin"], again.setCookie], [first.headers["x-origin"], []]);
  }
});

/** @param {number} port @param {RegExp} said */
async function refuses(port, said) {
  const { child, output } = run(port);
  const [code] = await once(child, "exit");
  assert.equal(code, 1);
  assert.match(output.text, said);
}

test("a port in use is said, and ends it with 1", async () => {
  const server = createServer();
  const port = await listen(server);
  await refuses(port, new RegExp(`address already in use 127.0.0.1:${port}; PORT=`)).finally(() => server.close());
});

test("so is an origin's port in use: the running demo's", async () => {
  await refuses(await closedPort(), /address already in use .+; it is the origin of "(stable|canary)" in the snapshot/);
});

for (const [signal, code] of /** @type {const} */ ([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
])) {
  test(`${signal} ends everything: no port stays open, no workerd alive`, async () => {
    demo = demo.child.exitCode === null ? demo : await startDemo(Number(new URL(url).port));
    const workers = await childrenOf(demo.child.pid);
    assert.ok(workers.length > 0);
    assert.equal(await demo.stop(signal), code);
    await until(
      () => send(url).catch((error) => error.code),
      (answer) => answer === "ECONNREFUSED",
    );
    await until(
      () => living(workers),
      (alive) => alive.length === 0,
    );
  });
}

/** A process, from Linux's /proc: "pid (command) state parent ..."; the command may hold spaces, not the last parenthesis.
 * @param {string | number} pid */
async function processOf(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { pid: Number(pid), parent: Number(parent), alive: stat !== "" && state !== "Z" };
}

/** @param {number | undefined} parent */
async function childrenOf(parent) {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  return (await Promise.all(pids.map(processOf))).filter((one) => one.parent === parent).map((one) => one.pid);
}

/** @param {number[]} pids */
async function living(pids) {
  return (await Promise.all(pids.map(processOf))).filter((one) => one.alive);
}
