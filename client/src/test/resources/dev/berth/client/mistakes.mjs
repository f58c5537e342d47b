// What a program does wrong, and what it is told: one line each.
const { BerthClient } = await import(process.argv[2]);
const client = (options) => new BerthClient(['ws://gate.example/berth'], options);
const mistakes = {
  secretIsANumber: () => client({ name: 'ada', secret: 1234 }),
  longName: () => client({ name: 'é'.repeat(61) }),
  longSecret: () => client({ secret: 'a'.repeat(1025) }),
  textAsBytes: () => client({}).say('hello/Buy', 'bow'),
  noBytes: () => client({}).say('hello/Buy'),
  noJson: () => client({ json: true }).say('hello/Buy'),
  longBody: () => client({ json: true }).say('hello/Buy', 'é'.repeat(2048)),
  longType: () => client({}).say('x'.repeat(121), new Uint8Array(1)),
};
for (const [name, mistake] of Object.entries(mistakes)) {
  try {
    mistake();
    console.log(`${name}: nothing`);
  } catch (e) {
    console.log(`${name}: ${e.name} ${e.message}`);
  }
}
