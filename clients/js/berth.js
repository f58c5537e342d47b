// The client of a game that runs on Berth, for browsers and for Node from 22 on: one file, no dependencies, no build step.
//
// A connection is worth nothing to a client: it keeps what it has said and has no answer to, and how far it is in each
// feed, and with these two goes on at the next gate. Only a GONE that says so ends it. docs/client-protocol.md has the
// rules; docs/client-protocol/ has conversations that this file is tested with.
//
//   import { BerthClient } from './berth.js';
//   const client = new BerthClient(['wss://gate-1.example/berth', 'wss://gate-2.example/berth'], {
//     name: 'ada', secret: 'sesame', json: true,
//     onTold: ({ feed, position, type, body }) => show(type, body),
//     onEnd: ({ code, text }) => show(code, text),
//   });
//   client.connect();
//   const { type, body } = await client.say('hello/Buy', { item: 'bow' });

const FRAME_MAX = 65536;
const BODY_MAX = 4096;
const NAME_MAX = 120;
const SECRET_MAX = 1024;
const SAYS_MAX = 32;
const ACK_EVERY = 32;
const RETRY_MAX = 60000;
const NO_PROGRESS = 1000;
/** In so many times `ping` without a word of its own a client says PING, also to a gate that speaks. */
const QUIET = 3;
/** After so many in which the two had nothing else to say PING and PONG become as rare. */
const IDLE = 12;
const VERSION = 1;

const TYPES = {
  hello: 300, login: 301, resume: 302, say: 303, ack: 304, read: 305, ping: 306, bye: 307, enter: 308,
  greeting: 320, welcome: 321, answer: 322, told: 323, page: 324, unread: 325, feedsAre: 326, gone: 327, pong: 328, found: 329,
};

/** Milliseconds; what each is for is in the protocol. */
const TIMES = { connect: 3000, enter: 25000, ping: 5000, silence: 5000, steady: 5000, shortestWait: 100, longestWait: 10000 };

/** Why there is no answer. `kind` is what is known of it: FAILED, FULL, OVER, UNKNOWN, as in Java. */
export class ClientError extends Error {
  constructor(kind, code, text) {
    super(text);
    this.name = 'ClientError';
    this.kind = kind;
    this.code = code;
  }
}

// ---- Frames: fields with a tag in front, as protocol buffers have them. ----

const utf8 = new TextEncoder();
const text = new TextDecoder('utf-8', { fatal: true });

/** A caller's mistake is named where it is made, and not by a gate. */
const bounded = (what, value, max) => {
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) throw new TypeError(`${what} is text or a Uint8Array, got ${value}`);
  const length = typeof value === 'string' ? utf8.encode(value).length : value.length;
  if (length > max) throw new RangeError(`${what} has at most ${max} bytes, this one ${length}`);
};

/** Writes fields; zero and empty ones are not written. */
class Sink {
  #bytes = [];

  #varint(value) {
    let rest = BigInt(value);
    while (rest > 127n) {
      this.#bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    this.#bytes.push(Number(rest));
    return this;
  }

  plain(field, value) {
    return value === 0 ? this : this.#varint(field * 8).#varint(value);
  }

  /** Zigzag; a client says no negative numbers. */
  number(field, value) {
    return this.plain(field, value * 2);
  }

  bytes(field, value) {
    if (value.length > 0) {
      this.#varint(field * 8 + 2).#varint(value.length);
      for (const byte of value) this.#bytes.push(byte);
    }
    return this;
  }

  string(field, value) {
    return this.bytes(field, utf8.encode(value));
  }

  frame(type) {
    const frame = new Uint8Array(16 + this.#bytes.length);
    const header = new DataView(frame.buffer);
    header.setUint32(0, 12 + this.#bytes.length);
    header.setUint8(4, 0xbe);
    header.setUint8(5, VERSION);
    header.setUint16(6, type);
    frame.set(this.#bytes, 16);
    return frame;
  }
}

/** Reads fields; those that it is not asked for are skipped. */
class Fields {
  #fields = new Map();

  constructor(bytes) {
    let at = 0;
    const varint = () => {
      let value = 0n;
      for (let shift = 0n; shift < 70n; shift += 7n) {
        if (at >= bytes.length) throw new Error('a number is cut off');
        const byte = bytes[at++];
        value |= BigInt(byte & 127) << shift;
        if (byte < 128) return BigInt.asUintN(64, value);
      }
      throw new Error('a number is too long');
    };
    const take = (length) => {
      if (length > bytes.length - at) throw new Error('a field is cut off');
      at += length;
      return bytes.subarray(at - length, at);
    };
    while (at < bytes.length) {
      const tag = Number(varint());
      const wire = tag % 8;
      let value;
      if (wire === 0) value = varint();
      else if (wire === 2) value = take(Number(varint()));
      else if (wire === 1) value = take(8);
      else if (wire === 5) value = take(4);
      else throw new Error(`wire type ${wire}`);
      const number = (tag - wire) / 8;
      if (!this.#fields.has(number)) this.#fields.set(number, []);
      this.#fields.get(number).push(value);
    }
  }

  #one(field, kind) {
    const values = this.#fields.get(field) ?? [];
    if (values.length > 1) throw new Error(`field ${field} comes twice`);
    if (values.length === 1 && (typeof values[0] === 'bigint') !== kind) throw new Error(`field ${field} is of another kind`);
    return values[0];
  }

  number(field) {
    const value = this.#one(field, true) ?? 0n;
    const number = Number((value >> 1n) ^ -(value & 1n));
    if (!Number.isSafeInteger(number)) throw new Error(`field ${field} is ${number}`);
    return number;
  }

  flag(field) {
    return (this.#one(field, true) ?? 0n) !== 0n;
  }

  bytes(field) {
    return (this.#one(field, false) ?? new Uint8Array(0)).slice();
  }

  string(field) {
    return text.decode(this.#one(field, false) ?? new Uint8Array(0));
  }

  has(field) {
    return this.#fields.has(field);
  }

  record(field) {
    const bytes = this.#one(field, false);
    if (bytes === undefined) throw new Error(`field ${field} is missing`);
    return new Fields(bytes);
  }

  records(field) {
    return (this.#fields.get(field) ?? []).map((bytes) => {
      if (typeof bytes === 'bigint') throw new Error(`field ${field} is of another kind`);
      return new Fields(bytes);
    });
  }
}

const item = (fields) => ({ type: fields.string(1), bytes: fields.bytes(2) });

const position = (value) => {
  if (value < 1) throw new Error(`a position counts from 1, got ${value}`);
  return value;
};

const feeds = (fields) => ({
  version: fields.number(1),
  all: fields.records(2).map((feed) => ({
    number: feed.number(1), name: feed.string(2), first: position(feed.number(3)), last: feed.number(4),
  })),
});

const outcome = (fields) => {
  if (fields.has(1)) return { done: item(fields.record(1)) };
  if (!fields.has(2)) throw new Error('an answer that is unknown');
  const failed = fields.record(2);
  return { failed: { kind: failed.string(1), text: failed.string(2) } };
};

/** What a client hears: for each frame type its name, and how its body is read. */
const HEARD = {
  [TYPES.greeting]: ['greeting', (f) => ({ version: f.number(1) })],
  [TYPES.found]: ['found', () => ({})],
  [TYPES.welcome]: ['welcome', (f) => ({ uid: f.string(1), token: f.bytes(2), feeds: feeds(f.record(4)) })],
  [TYPES.answer]: ['answer', (f) => ({ seq: f.number(1), outcome: outcome(f.record(2)) })],
  [TYPES.told]: ['told', (f) => ({ feed: f.number(1), position: f.number(2), item: item(f.record(3)) })],
  [TYPES.page]: ['page', (f) => {
    const page = f.record(2);
    return { feed: f.number(1), first: position(page.number(1)), items: page.records(2).map(item), last: page.number(3) };
  }],
  [TYPES.unread]: ['unread', (f) => ({ feed: f.number(1), retryMillis: f.number(2) })],
  [TYPES.feedsAre]: ['feedsAre', (f) => ({ feeds: feeds(f.record(1)) })],
  [TYPES.gone]: ['gone', (f) => ({ code: f.string(1), text: f.string(2), retryMillis: f.number(3), last: f.flag(4), to: f.string(5) })],
  [TYPES.pong]: ['pong', () => ({})],
};

/** The address of a gate with another host and port, where a gateway sends a client; empty if that is no HOST:PORT. */
function handoff(gate, to) {
  const there = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9.-]*):([0-9]{1,5})$/.exec(to);
  if (!there || Number(there[2]) < 1 || Number(there[2]) > 65535) return '';
  return gate.replace(/^([a-z]+:\/\/)[^/]*/i, `$1${to}`);
}

/** The message of a WebSocket's binary message. */
function decode(bytes) {
  if (bytes.length < 16 || bytes[4] !== 0xbe) throw new Error('no frame of the client protocol');
  const header = new DataView(bytes.buffer, bytes.byteOffset);
  const length = header.getUint32(0);
  if (length > FRAME_MAX) throw new Error(`a frame of ${length} bytes, at most ${FRAME_MAX}`);
  if (length !== bytes.length - 4) throw new Error(`a frame of ${length} bytes in a message of ${bytes.length}`);
  if (header.getBigUint64(8) !== 0n) throw new Error('the frame belongs to a cluster');
  const type = header.getUint16(6);
  const known = HEARD[type];
  if (!known) throw new Error(`frame type ${type} is unknown; is the gate newer?`);
  if (bytes[5] !== VERSION && type !== TYPES.greeting && type !== TYPES.gone) throw new Error(`version ${bytes[5]}`);
  return { name: known[0], ...known[1](new Fields(bytes.subarray(16))) };
}

// ---- How far a client is in one feed. What does not fit is not kept: it is read again, from where it is durable. ----

class Cursor {
  reads = false;
  /** A PAGE is asked for, and since then something may have been missed. */
  #doubted = false;
  #sure = false;
  #newest = 0;
  #retryAt = 0;

  constructor(feed, client) {
    this.number = feed.number;
    this.name = feed.name;
    this.position = feed.first - 1;
    this.client = client;
  }

  reconnect() {
    this.reads = false;
    this.#doubted = false;
    this.#retryAt = 0;
  }

  stands(feed) {
    this.#skipTo(feed.first);
    this.#newest = Math.max(this.#newest, feed.last);
    this.#sure = feed.last !== -1;
    this.#doubted ||= this.reads && !this.#sure;
  }

  told(at, its) {
    this.#newest = Math.max(this.#newest, at);
    if (at === this.position + 1) {
      this.position = at;
      this.client._tell('onTold', () => this.client._item(this.name, at, its));
    }
  }

  page(now, page) {
    const before = this.position;
    this.reads = false;
    this.#sure = !this.#doubted;
    this.#doubted = false;
    this.#skipTo(page.first);
    page.items.forEach((its, i) => this.told(page.first + i, its));
    this.#newest = Math.max(this.#newest, page.last);
    if (this.position === before && this.position < this.#newest) this.#retryAt = now + NO_PROGRESS;
  }

  unread(now, retryMillis) {
    this.reads = false;
    this.#sure = false;
    this.#retryAt = now + Math.max(1, Math.min(retryMillis, RETRY_MAX));
  }

  #skipTo(first) {
    if (first > this.position + 1) {
      const from = this.position + 1;
      this.position = first - 1;
      this.client._tell('onLost', () => ({ feed: this.name, from, upTo: first - 1 }));
    }
  }

  /** Whether it is to be read now. */
  wants(now) {
    return this.#isBehind() && now >= this.#retryAt;
  }

  #isBehind() {
    return !this.reads && (!this.#sure || this.position < this.#newest);
  }

  nextWake() {
    return this.#isBehind() ? this.#retryAt : Infinity;
  }

  asked() {
    this.reads = true;
    this.#retryAt = 0;
  }
}

// ---- The client. ----

/**
 * A user of a game. It comes back by itself whatever dies; only `onEnd` is the end. What is said is done once and in order, what is
 * told arrives once and in order.
 */
export class BerthClient {
  #gates;
  #options;
  #times;
  #stage = 'new'; // waiting, connecting, greeting, entering, open, ended
  #socket = null;
  #timer = null;
  #deadline = Infinity;
  #gate;
  /** Where a gate of the list has sent it; empty if it is to be at one of these. */
  #handed = '';
  #failures = 0;
  #openedAt = 0;
  #heardAt = 0;
  #sentAt = 0;
  /** Of the last message either way that was neither PING nor PONG. */
  #busyAt = 0;
  /** Since when a PING has no answer. */
  #pingedAt = Infinity;
  #uid = '';
  #token = null;
  #said = 0;
  #unanswered = [];
  #cursors = new Map();
  #feedsVersion = 0;
  #acked = 0;

  /**
   * @param {string[]} gates addresses of WebSockets, tried one after the other, beginning anywhere
   * @param {object} options visit: do not log in; what is said then is for the game's visitors, and may be done more than once; name, secret (text or bytes), device; json: bodies are values and go as JSON, otherwise they are
   *     Uint8Array; onTold({feed, position, type, body}), onLost({feed, from, upTo}), onOnline({uid}), onOffline({why, retryMillis}),
   *     onEnd({code, text}); times, in milliseconds: connect, enter, ping, silence, steady, shortestWait, longestWait
   */
  constructor(gates, options) {
    if (gates.length < 1 || gates.length > 256) throw new RangeError(`a client needs 1 to 256 gates, got ${gates.length}`);
    const { name = '', device = '', secret = '' } = options;
    bounded('a name', String(name), NAME_MAX);
    bounded('a device', String(device), NAME_MAX);
    bounded('a secret', secret, SECRET_MAX);
    this.#gates = [...gates];
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
    this.#gate = Math.floor(Math.random() * gates.length);
  }

  connect() {
    if (this.#stage !== 'new') throw new Error(`a client is started once; it is ${this.#stage}`);
    this.#stage = 'waiting';
    this.#deadline = performance.now();
    this.#advance();
  }

  /**
   * Says something, to be done once, after all that was said before; also while the client is offline.
   *
   * @returns {Promise<{type: string, body: any}>} the answer; a ClientError says why there is none
   */
  say(type, body) {
    if (this.#options.json && JSON.stringify(body) === undefined) throw new TypeError(`a body is what JSON has, got ${body}`);
    if (!this.#options.json && !(body instanceof Uint8Array)) throw new TypeError('without json: true a body is a Uint8Array');
    const bytes = this.#options.json ? utf8.encode(JSON.stringify(body)) : body;
    bounded('what is said', bytes, BODY_MAX);
    bounded('a type', type, NAME_MAX);
    return new Promise((done, failed) => {
      if (this.#stage === 'ended') {
        failed(new ClientError('OVER', '', 'the session is over'));
      } else if (this.#unanswered.length === SAYS_MAX) {
        failed(new ClientError('FULL', '', `${SAYS_MAX} have no answer yet; say it again when one has come`));
      } else {
        const say = { seq: ++this.#said, type, bytes, done, failed };
        this.#unanswered.push(say);
        if (this.#stage === 'open') {
          this.#say(say);
          this.#sleep();
        } else if (this.#stage === 'waiting') {
          this.#advance();
        }
      }
    });
  }

  /** Logs out: the session is over. */
  close() {
    if (this.#stage === 'ended') return;
    if (this.#stage === 'open' && !this.#options.visit) this.#send(TYPES.bye, new Sink());
    this.#end('LOGGED_OUT', 'as you wish');
  }

  /** @private */
  _tell(handler, news) {
    // Later and in order: what a handler throws or says is no business of this machine's.
    queueMicrotask(() => this.#options[handler]?.(news()));
  }

  /** @private What is no JSON throws where the program looks at it. */
  _item(feed, at, { type, bytes }) {
    const body = () => this._body(bytes);
    return { feed, position: at, type, get body() { return body(); } };
  }

  /** @private */
  _body(bytes) {
    return this.#options.json ? JSON.parse(text.decode(bytes)) : bytes;
  }

  #connect() {
    this.#stage = 'connecting';
    this.#deadline = performance.now() + this.#connectTime();
    this.#pingedAt = Infinity;
    const Socket = this.#options.WebSocket ?? WebSocket;
    let socket;
    try {
      socket = new Socket(this.#handed || this.#gates[this.#gate]);
    } catch (e) {
      this.#lost(String(e.message));
      return;
    }
    socket.binaryType = 'arraybuffer';
    // Events of a socket that this client has left are nobody's.
    const mine = (act) => (event) => {
      if (socket === this.#socket) {
        act(event);
        this.#sleep();
      }
    };
    socket.onopen = mine(() => {
      this.#stage = 'greeting';
      this.#deadline = performance.now() + this.#connectTime();
      this.#send(TYPES.hello, new Sink().number(1, VERSION).number(2, VERSION).plain(3, this.#options.json ? 2 : 1));
    });
    socket.onmessage = mine((event) => this.#message(event.data));
    socket.onclose = mine((event) => this.#lost(`the connection has ended: ${event.code} ${event.reason}`.trim()));
    this.#socket = socket;
    this.#sleep();
  }

  /** Doubles with each round of the list, up to what entering may take: a gate that is only slow is reached in the end. */
  #connectTime() {
    const { connect, enter } = this.#times;
    const rounds = Math.floor(Math.max(0, this.#failures - 1) / this.#gates.length);
    return Math.min(connect * 2 ** Math.min(rounds, 30), Math.max(connect, enter));
  }

  #send(type, fields) {
    this.#sentAt = performance.now();
    if (type !== TYPES.ping) this.#busyAt = this.#sentAt;
    this.#socket.send(fields.frame(type));
  }

  #message(data) {
    let message;
    try {
      if (!(data instanceof ArrayBuffer)) throw new Error('text instead of a frame');
      message = decode(new Uint8Array(data));
    } catch (e) {
      this.#lost(`what came is no frame of the client protocol: ${e.message}`);
      return;
    }
    this.#heardAt = performance.now();
    if (message.name !== 'pong') this.#busyAt = this.#heardAt;
    this.#pingedAt = Infinity;
    this.#heard(message);
  }

  #heard(message) {
    const expected = { greeting: 'greeting', found: 'entering', welcome: 'entering' }[message.name] ?? 'open';
    if (message.name === 'gone') {
      this.#gone(message);
    } else if (message.name !== 'pong') {
      if (this.#stage !== expected || (message.name === 'found' && this.#token)) {
        this.#lost(`${message.name} while ${this.#stage}`);
      } else {
        this[`_${message.name}`](message);
      }
    }
  }

  /** @private */
  _greeting({ version }) {
    if (version !== VERSION) {
      this.#lost(`the gate wants version ${version}, this client speaks ${VERSION}`);
      return;
    }
    if (this.#options.visit) {
      this.#opened();
      this.#unanswered.forEach((say) => this.#say(say));
      return;
    }
    this.#stage = 'entering';
    this.#deadline = performance.now() + this.#times.enter;
    if (this.#token) {
      this.#send(TYPES.resume, new Sink().string(1, this.#uid).bytes(2, this.#token).number(3, this.#personal()));
    } else {
      const { name = '', secret = '', device = '' } = this.#options;
      const proof = typeof secret === 'string' ? utf8.encode(secret) : secret;
      this.#send(TYPES.login, new Sink().string(1, name).bytes(2, proof).string(3, device));
    }
  }

  /** @private */
  _found() {
    this.#send(TYPES.enter, new Sink());
  }

  /** @private */
  _welcome(welcome) {
    this.#uid = welcome.uid;
    this.#token = welcome.token;
    this.#opened();
    this.#cursors.forEach((cursor) => cursor.reconnect());
    this.#hear(welcome.feeds);
    this.#unanswered.forEach((say) => this.#say(say));
    this.#readOn();
  }

  #opened() {
    this.#stage = 'open';
    this.#openedAt = performance.now();
    const uid = this.#uid;
    this._tell('onOnline', () => ({ uid }));
  }

  /** @private */
  _answer({ seq, outcome: its }) {
    const first = this.#unanswered[0];
    if (!first || seq < first.seq) return; // told a second time
    if (seq > first.seq) {
      this.#lost(`answer ${seq} before answer ${first.seq}`);
      return;
    }
    this.#unanswered.shift();
    if (its.failed) {
      first.failed(new ClientError('FAILED', its.failed.kind, its.failed.text));
      return;
    }
    try {
      first.done({ type: its.done.type, body: this._body(its.done.bytes) });
    } catch (e) {
      first.failed(new ClientError('UNREADABLE', '', `the answer is no JSON: ${e.message}`));
    }
  }

  /** @private */
  _told(told) {
    this.#cursors.get(told.feed)?.told(told.position, told.item);
    this.#readOn();
  }

  /** @private */
  _page(page) {
    this.#cursors.get(page.feed)?.page(performance.now(), page);
    this.#readOn();
  }

  /** @private */
  _unread({ feed, retryMillis }) {
    this.#cursors.get(feed)?.unread(performance.now(), retryMillis);
  }

  /** @private */
  _feedsAre(message) {
    this.#hear(message.feeds);
    this.#readOn();
  }

  #hear({ version, all }) {
    if (version < this.#feedsVersion) return;
    this.#feedsVersion = version;
    for (const number of [...this.#cursors.keys()]) {
      if (!all.some((feed) => feed.number === number)) this.#cursors.delete(number);
    }
    for (const feed of all) {
      if (!this.#cursors.has(feed.number)) this.#cursors.set(feed.number, new Cursor(feed, this));
      this.#cursors.get(feed.number).stands(feed);
    }
  }

  #personal() {
    return this.#cursors.get(0)?.position ?? 0;
  }

  #say({ seq, type, bytes }) {
    this.#acked = this.#personal();
    this.#send(TYPES.say, new Sink().number(1, seq).number(2, this.#unanswered[0].seq).number(3, this.#acked)
      .string(4, type).bytes(5, bytes));
  }

  #readOn() {
    const now = performance.now();
    for (const number of [...this.#cursors.keys()].sort((a, b) => a - b)) {
      const cursor = this.#cursors.get(number);
      if (cursor.wants(now)) {
        cursor.asked();
        this.#send(TYPES.read, new Sink().number(1, number).number(2, cursor.position + 1));
      }
    }
    if (this.#personal() - this.#acked >= ACK_EVERY) {
      this.#acked = this.#personal();
      this.#send(TYPES.ack, new Sink().number(1, this.#acked));
    }
  }

  #gone(gone) {
    // Whom it was sent to sends it nowhere.
    const next = this.#handed ? '' : handoff(this.#gates[this.#gate], gone.to);
    if (gone.last) this.#end(gone.code, gone.text);
    else if (next) this.#handedOff(next, gone.code);
    else this.#lost(`${gone.code} ${gone.text}`.trim(), Math.min(gone.retryMillis, RETRY_MAX));
  }

  #handedOff(next, code) {
    if (this.#stage === 'open') this._tell('onOffline', () => ({ why: code, retryMillis: 0 }));
    this.#leave();
    this.#handed = next;
    this.#connect();
  }

  /** On to the next gate. */
  #lost(why, retryMillis = 0) {
    const now = performance.now();
    const steady = this.#stage === 'open' && now - this.#openedAt >= this.#times.steady;
    this.#failures = steady ? 1 : this.#failures + 1;
    this.#leave();
    this.#gate = (this.#gate + 1) % this.#gates.length;
    this.#handed = '';
    this.#stage = 'waiting';
    const { shortestWait, longestWait } = this.#times;
    const full = Math.min(longestWait, shortestWait * 2 ** Math.min(this.#failures - 1, 30));
    const delay = Math.max(full * (1 - Math.random() / 2), retryMillis);
    this.#deadline = now + delay;
    this._tell('onOffline', () => ({ why, retryMillis: delay }));
    this.#sleep();
  }

  #leave() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #end(code, why) {
    this.#leave();
    this.#stage = 'ended';
    clearTimeout(this.#timer);
    for (const { failed } of this.#unanswered.splice(0)) {
      failed(new ClientError('UNKNOWN', code, `over before the answer came: ${code} ${why}`));
    }
    this._tell('onEnd', () => ({ code, text: why }));
  }

  /** A visitor has a connection while he has something to say, and as long as the gate likes. */
  #isNeeded() {
    return !this.#options.visit || this.#unanswered.length > 0;
  }

  /** Of the next PING, or of the end if that has none. */
  #livenessAt() {
    const { ping, silence } = this.#times;
    if (this.#pingedAt !== Infinity) return this.#pingedAt + silence;
    const soon = this.#heardAt + ping;
    const idle = this.#unanswered.length === 0 && soon >= this.#busyAt + IDLE * ping;
    return Math.min(idle ? this.#heardAt + QUIET * ping : soon, this.#sentAt + QUIET * ping);
  }

  /**
   * A gate that lives answers PING at once, whatever its owners do. A PING without an answer counts, not the time in which nothing was
   * heard: a page that was asleep has heard nothing either.
   */
  #isAlive(now) {
    if (now < this.#livenessAt()) return true;
    if (this.#pingedAt === Infinity) {
      this.#send(TYPES.ping, new Sink());
      this.#pingedAt = now;
      return true;
    }
    this.#lost('the gate is silent');
    return false;
  }

  #nextWake() {
    if (this.#stage === 'ended' || this.#stage === 'new') return Infinity;
    if (this.#stage === 'waiting' && !this.#isNeeded()) return Infinity;
    if (this.#stage === 'entering') return Math.min(this.#deadline, this.#livenessAt());
    if (this.#stage !== 'open') return this.#deadline;
    const cursors = [...this.#cursors.values()].map((cursor) => cursor.nextWake());
    return Math.min(this.#livenessAt(), ...cursors);
  }

  #sleep() {
    clearTimeout(this.#timer);
    const wake = this.#nextWake();
    if (wake !== Infinity) this.#timer = setTimeout(() => this.#advance(), Math.max(0, wake - performance.now()));
  }

  #advance() {
    const now = performance.now();
    if (this.#stage === 'waiting') {
      if (this.#isNeeded() && now >= this.#deadline) this.#connect();
    } else if (this.#stage === 'open') {
      if (!this.#isAlive(now)) return;
      this.#readOn();
    } else if (this.#stage !== 'ended') {
      if (now >= this.#deadline) {
        this.#lost(`no answer while ${this.#stage}`);
        return;
      }
      if (this.#stage === 'entering' && !this.#isAlive(now)) return;
    }
    this.#sleep();
  }
}
