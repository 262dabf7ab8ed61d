// websocket.mjs - the server's end of a WebSocket, as much of RFC 6455 as a browser needs in a test
// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

function encode(opcode, payload) {
  const head = payload.length < 126
    ? Buffer.from([0x80 | opcode, payload.length])
    : Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([head, payload]);
}

/** The first frame in the buffer as {opcode, payload, size}, or null while it is not whole. */
function decode(buffer) {
  if (buffer.length < 2) return null;
  let length = buffer[1] & 127;
  let at = 2;
  if (length === 126) {
    if (buffer.length < 4) return null;
    length = buffer.readUInt16BE(2);
    at = 4;
  } else if (length === 127) {
    if (buffer.length < 10) return null;
    length = Number(buffer.readBigUInt64BE(2));
    at = 10;
  }
  if (buffer.length < at + 4 + length) return null;
  const mask = buffer.subarray(at, at + 4);
  const payload = Buffer.from(buffer.subarray(at + 4, at + 4 + length));
  for (let i = 0; i < payload.length; i++) payload[i] ^= mask[i & 3];
  return { opcode: buffer[0] & 15, payload, size: at + 4 + length };
}

/** Answers the handshake and returns {send, close, cut, on_message, on_close}. */
export function accept(request, socket) {
  const key = createHash('sha1').update(request.headers['sec-websocket-key'] + GUID).digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${key}\r\n\r\n`);
  let kept = Buffer.alloc(0);
  const line = {
    is_open: true,
    on_message: () => {},
    on_close: () => {},
    send: (frame) => line.is_open && socket.write(encode(TEXT, Buffer.from(JSON.stringify(frame)))),
    /** Part of a frame, then nothing: what a dying line leaves. */
    send_half(frame) {
      const whole = encode(TEXT, Buffer.from(JSON.stringify(frame)));
      socket.write(whole.subarray(0, whole.length >> 1));
      line.cut();
    },
    close(code) {
      socket.write(encode(CLOSE, Buffer.from([code >> 8, code & 255])));
      socket.end();
    },
    cut: () => socket.destroy(),
  };
  socket.on('data', (data) => {
    kept = Buffer.concat([kept, data]);
    for (let frame = decode(kept); frame; frame = decode(kept)) {
      kept = kept.subarray(frame.size);
      if (frame.opcode === TEXT) line.on_message(JSON.parse(frame.payload.toString()));
      if (frame.opcode === PING) socket.write(encode(PONG, frame.payload));
      if (frame.opcode === CLOSE) socket.end(encode(CLOSE, frame.payload));
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    line.is_open = false;
    line.on_close();
  });
  return line;
}
