import { createHash } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";

/** RFC 6455, section 1.3. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/**
 * Makes an origin's server accept WebSockets, and answer each short text frame with the same text.
 * @param {import("node:http").Server} server
 * @param {string[]} headers - more for the handshake's answer.
 */
export function echoSockets(server, headers) {
  server.on("upgrade", (asked, socket) => {
    const key = asked.headers["sec-websocket-key"] + GUID;
    const accept = createHash("sha1").update(key).digest("base64");
    const lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
    socket.write([...lines, `Sec-WebSocket-Accept: ${accept}`, ...headers, "", ""].join("\r\n"));
    socket.on("data", (frame) => socket.write(textFrame(readText(frame))));
    socket.on("error", () => {});
  });
}

/**
 * Opens a WebSocket by hand, sends one short text and gives the handshake's answer with the text that came back.
 * @param {string} url @param {import("node:http").OutgoingHttpHeaders} headers @param {string} text
 */
export async function talk(url, headers, text) {
  const key = Buffer.alloc(16, 7).toString("base64");
  const asked = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": key,
  };
  const sent = request(url, { agent: false, headers: { ...asked, ...headers } });
  sent.end();
  const [answer, socket] = await once(sent, "upgrade");
  socket.write(maskedTextFrame(text));
  const [frame] = await once(socket, "data");
  socket.destroy();
  return { status: answer.statusCode, headers: answer.headers, text: readText(frame) };
}

const TEXT = 0x81;
const MASKED = 0x80;

/** @param {string} text */
function textFrame(text) {
  return Buffer.concat([Buffer.from([TEXT, text.length]), Buffer.from(text)]);
}

/** A client must mask; a mask of zeros leaves the text as it is. @param {string} text */
function maskedTextFrame(text) {
  return Buffer.concat([Buffer.from([TEXT, MASKED | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

/** @param {Buffer} frame - whole, ASCII, shorter than 126 bytes. */
function readText(frame) {
  const length = frame[1] & ~MASKED;
  const masked = (frame[1] & MASKED) !== 0;
  const mask = masked ? frame.subarray(2, 6) : Buffer.alloc(4);
  const payload = frame.subarray(masked ? 6 : 2).subarray(0, length);
  return Buffer.from(payload.map((byte, at) => byte ^ mask[at % 4])).toString();
}
