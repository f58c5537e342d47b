// A client that does what its input says, and prints what it hears: node talker.mjs BERTH_JS CONNECT,PING,SILENCE,SHORTEST_WAIT,LONGEST_WAIT login|visit GATE...
import { createInterface } from 'node:readline';

const [, , module, times, how, ...gates] = process.argv;
const { BerthClient } = await import(module);
const hex = (bytes) => (bytes.length === 0 ? '-' : Buffer.from(bytes).toString('hex'));
const word = (text) => (text === '' ? '-' : text);
const [connect, ping, silence, shortestWait, longestWait] = times.split(',').map(Number);
let said = 0;

const client = new BerthClient(gates, {
  visit: how === 'visit',
  name: 'Ada',
  secret: 'sesame',
  times: { connect, ping, silence, shortestWait, longestWait },
  onTold: ({ feed, position, type, body }) => console.log(`told ${word(feed)} ${position} ${type} ${hex(body)}`),
  onLost: ({ feed, from, upTo }) => console.log(`lost ${word(feed)} ${from} ${upTo}`),
  onOnline: ({ uid }) => console.log(`online ${word(uid)}`),
  onOffline: () => console.log('offline'),
  onEnd: ({ code }) => console.log(`ended ${code}`),
});

for await (const line of (client.connect(), createInterface({ input: process.stdin }))) {
  const [verb, type, body] = line.split(' ');
  if (verb === 'stop') {
    client.close();
  } else {
    const number = ++said;
    client.say(type, body === '-' ? new Uint8Array(0) : Buffer.from(body, 'hex')).then(
      (answer) => console.log(`answer ${number} DONE ${answer.type} ${hex(answer.body)}`),
      (error) => console.log(`answer ${number} ${error.kind} ${word(error.kind === 'FAILED' ? error.code : '')}`),
    );
  }
}
