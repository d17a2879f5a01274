import { once } from "node:events";
import { request } from "node:http";

/**
 * A plain HTTP client: no decoding, no following, headers as they came. `setCookie` has every Set-Cookie.
 * @typedef {{ status: number, headers: import("node:http").IncomingHttpHeaders, setCookie: string[], body: Buffer, text: string }} Answer
 * @param {string} url
 * @param {import("node:http").RequestOptions & { body?: string | Buffer }} [options]
 * @returns {Promise<Answer>}
 */
export async function send(url, { body, ...options } = {}) {
  const sent = request(url, { agent: false, ...options });
  sent.end(body);
  const response = await answerTo(sent);
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const { headers, statusCode = 0 } = response;
  return { status: statusCode, headers, setCookie: headers["set-cookie"] ?? [], body: bytes, text: bytes.toString() };
}

/** @param {import("node:http").ClientRequest} sent @returns {Promise<import("node:http").IncomingMessage>} */
export async function answerTo(sent) {
  const [response] = await once(sent, "response");
  return response;
}

/**
 * Asks until the answer is as hoped for; fails with the last one after two seconds.
 * @template T @param {() => Promise<T>} ask @param {(answer: T) => boolean} good @param {number} [patience] @returns {Promise<T>}
 */
export async function until(ask, good, patience = 2_000) {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(answer)} after ${patience} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
