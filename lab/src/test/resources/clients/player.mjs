// A player's program that does what its input says, in JSON, and prints what it hears: node player.mjs BERTH_JS NAME GATE...
import { createInterface } from 'node:readline';

const [, , module, name, ...gates] = process.argv;
const { BerthClient } = await import(module);
let said = 0;

const client = new BerthClient(gates, {
  name,
  json: true,
  onTold: ({ type, body }) => console.log(`told ${type} ${JSON.stringify(body)}`),
  onLost: ({ from, upTo }) => console.log(`lost ${from} ${upTo}`),
  onOnline: ({ uid }) => console.log(`online ${uid}`),
  onEnd: ({ code }) => console.log(`ended ${code}`),
});

for await (const line of (client.connect(), createInterface({ input: process.stdin }))) {
  const number = ++said;
  const space = line.indexOf(' ');
  client.say(line.slice(0, space), JSON.parse(line.slice(space + 1))).then(
    ({ type, body }) => console.log(`answer ${number} ${type} ${JSON.stringify(body)}`),
    (error) => console.log(`answer ${number} ${error.kind} ${error.code} ${error.message}`),
  );
}
