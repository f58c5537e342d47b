// Lobby and tables of poker. A visitor's client asks how tables stand, a user's session plays: what it is told says when to
// look again, so what is drawn is always what a table has said of itself. Money is in cents.
import { BerthClient } from './berth.js';

const asked = new URLSearchParams(location.search);
const { ports } = await (await fetch('gates.json')).json();
const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
const gates = asked.has('gates') ? asked.getAll('gates') : ports.map((port) => `${scheme}://${location.hostname}:${port}/berth`);

const LOG_MAX = 300;
const $ = (id) => document.getElementById(id);
const units = (cents) => (cents / 100).toLocaleString('en', { minimumFractionDigits: cents % 100 ? 2 : 0 });
const news = (text) => { $('news').textContent = text; };

let user = null; // the session's client
let me = null; // poker/money
let game = 0; // the table that is open; 0 in the lobby
let table = null; // poker/table
let own = null; // poker/ownHand
let actedAt = 0; // where the table was when he acted: a question from before is answered
let heard = 0; // the position of what stands last in the log
const away = new Set(); // own cards that he gives away
const nicks = new Map();

// ---- The way to the gates

const online = (client, is, why) => {
  if (client !== (user ?? visitor)) return;
  $('state').className = is ? 'on' : '';
  $('state').textContent = is ? 'connected' : `reconnecting: ${why}`;
};
const visitor = new BerthClient(gates, {
  visit: true,
  json: true,
  onOnline: () => online(visitor, true),
  onOffline: ({ why }) => online(visitor, false, why),
});
visitor.connect();

/** Runs it, and once more if it was wanted meanwhile; never twice at once. */
function single(what) {
  let busy = false;
  let again = false;
  return async () => {
    again = true;
    if (busy) return;
    busy = true;
    while (again) {
      again = false;
      try {
        await what();
      } catch (no) {
        news(no.message);
      }
    }
    busy = false;
  };
}

/** The answer; undefined if there is none, and then the news say why. */
const say = async (what, body) => {
  try {
    news('');
    return (await user.say(`poker/${what}`, body)).body;
  } catch (no) {
    news(no.message);
    return undefined;
  }
};

// ---- Who plays

function login(name, secret) {
  const client = new BerthClient(gates, {
    name,
    secret,
    json: true,
    device: 'page',
    onOnline: () => { online(client, true); entered(); },
    onOffline: ({ why }) => online(client, false, why),
    onTold: told,
    onLost: () => look(),
    onEnd: ({ code, text }) => {
      if (client !== user) return;
      user = me = own = null;
      news({ DENIED: 'Name or password are wrong.', REPLACED: 'You have logged in elsewhere.', LOGGED_OUT: '' }[code] ?? `${code}: ${text}`);
      online(visitor, true);
      draw();
    },
  });
  user = client;
  client.connect();
}

/** For the first time or again: what was missed is told by itself, own cards and a question are asked for. */
async function entered() {
  if (!me) {
    me = await say('enter', {});
    if (me && game) await watch();
    if (me && !game && me.games.length) open(me.games[0]);
  }
  look();
  mine();
  draw();
}

const purse = single(async () => {
  if (user) me = (await user.say('poker/purse', {})).body;
  draw();
});

// ---- The lobby

let from = 0;
const lobby = single(async () => {
  const { games, next } = (await visitor.say('poker/lobby', { from })).body;
  $('none').hidden = games.length > 0;
  $('more').hidden = next === 0 && from === 0;
  $('more').onclick = () => { from = next; lobby(); };
  $('games').replaceChildren(...games.map((each) => {
    const row = element('tr', '');
    row.dataset.game = each.game;
    const kind = { TEXAS_FIXED: "Hold'em, fixed limit", TEXAS_NO_LIMIT: "Hold'em, no limit", FIVE_CARD_DRAW: 'Five-card draw' }[each.kind];
    for (const text of [each.game, kind, `${units(each.low)} / ${units(each.high)}`, `${each.taken} of ${each.seats}`]) {
      row.append(element('td', '', text));
    }
    const watch = element('button', 'watch', 'Watch');
    watch.onclick = () => open(each.game);
    const cell = element('td', '');
    cell.append(watch);
    row.append(cell);
    return row;
  }));
});

// ---- A table

async function open(its) {
  game = its;
  table = own = null;
  actedAt = heard = 0;
  away.clear();
  $('log').replaceChildren();
  draw();
  if (me) await watch();
  else past();
  look();
  mine();
}

/** Tells from the hand's beginning, also what stands in the log already. */
async function watch() {
  $('log').replaceChildren();
  heard = 0;
  await say('watch', { game });
}

/** A visitor is told nothing: he asks what was said since. */
const past = single(async () => {
  for (let more = true; more && game && !me; ) {
    const its = (await visitor.say('poker/past', { game, from: heard + 1 })).body;
    if (its.game !== game || me) return;
    for (const { lines } of its.said) lines.forEach(write);
    heard = its.first + its.said.length - 1;
    more = its.said.length > 0 && heard < its.last;
  }
});

const look = single(async () => {
  if (!game) return;
  const its = (await visitor.say('poker/look', { game })).body;
  if (its.game !== game) return;
  for (const { player } of its.seats) {
    if (!nicks.has(player)) nicks.set(player, (await visitor.say('poker/who', { player })).body.nick);
  }
  if (!table || its.last >= table.last) table = its;
  if (own?.seat && table.acting === own.seat && !own.turn && !own.discard && table.last > own.last) mine();
  draw();
});

const mine = single(async () => {
  if (!me || !game) return;
  const its = (await user.say('poker/own', { game })).body;
  if (its.game === game && (!own || its.last >= own.last)) own = its.last > actedAt ? its : unasked(its);
  draw();
});

function told({ feed, position, type, body }) {
  if (type === 'poker/elsewhere') {
    me = { ...me, here: false };
    news('You play elsewhere now.');
    draw();
  } else if (type === 'poker/cashed') {
    purse();
  } else if (type === 'poker/said' && parseInt(feed, 36) === game) {
    said(position, body);
  }
}

const unasked = (its) => ({ ...its, turn: null, discard: false });

async function said(position, { lines, acting }) {
  heard = position;
  for (const { what, player } of lines) {
    if (what === 'start' && own) own = { ...unasked(own), cards: [] };
    if (what === 'dealt' && player === me?.player) mine();
    if (['join', 'leave'].includes(what) && player === me?.player) { purse(); mine(); }
  }
  if (own && position > own.last && lines.some(({ what }) => !['chat', 'join', 'leave'].includes(what))) own = unasked(own);
  if (own?.seat && acting === own.seat) mine();
  lines.forEach(write);
  look();
}

const isDraw = () => table?.kind === 'FIVE_CARD_DRAW';

/** One line of the log; names that are not known yet are filled in. */
function write({ what, seat, player, amount, text }) {
  const sum = units(amount);
  const words = {
    chat: player ? `: ${text}` : text, start: 'A hand begins', cancel: 'Too few players, no hand', end: 'The hand is over', join: `sits down at ${seat}`, leave: 'leaves',
    button: `Seat ${seat} has the button`, bet: `posts ${sum}`, call: amount ? `calls ${sum}` : 'checks', raise: `raises by ${sum}`, fold: 'folds', allIn: 'is all in',
    card: `On the board: ${pretty(text)}`, stage: (isDraw() ? ['', 'First bets', 'After the draw'] : ['', 'Before the flop', 'Flop', 'Turn', 'River'])[amount], discard: amount ? `changes ${amount} of the cards` : 'keeps all cards', win: `wins ${sum}`,
  }[what];
  if (words === undefined) return;
  const line = element('li', what === 'start' ? 'hand' : what === 'chat' && player ? 'chat' : '');
  if (player) {
    const who = element('b', '', nicks.get(player) ?? '');
    line.append(who, what === 'chat' ? '' : ' ');
    if (!nicks.has(player)) {
      visitor.say('poker/who', { player }).then(({ body }) => { nicks.set(player, body.nick); who.textContent = body.nick; }, (no) => news(no.message));
    }
  }
  line.append(words);
  const log = $('log');
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  log.append(line);
  while (log.children.length > LOG_MAX) log.firstChild.remove();
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

// ---- What is drawn

function element(tag, name, text = '') {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

const pretty = (card) => card.replace('T', '10').replace('c', '\u2663').replace('d', '\u2666').replace('h', '\u2665').replace('s', '\u2660');
const cardOf = (card) => element('span', /[dh]$/.test(card) ? 'card red' : 'card', pretty(card));

function draw() {
  $('login').hidden = user !== null;
  $('me').hidden = user === null;
  $('purse').textContent = me ? `${me.nick}: ${units(me.balance)}` : 'logging in';
  $('here').hidden = !me || me.here;
  $('lobby').hidden = game !== 0;
  $('table').hidden = game === 0;
  $('chat').hidden = !me;
  if (game) drawTable();
}

function drawTable() {
  const seat = table && me ? table.seats.find(({ player }) => player === me.player) : undefined;
  const turn = seat && own?.turn && me.here && table.acting === seat.number ? own.turn : null;
  $('name').textContent = table ? `Table ${game}, ${units(table.low)} / ${units(table.high)}` : `Table ${game}`;
  $('pot').textContent = table ? `Pot ${units(table.pot)}` : '';
  $('board').replaceChildren(...(table?.board ?? []).map(cardOf));
  drawSeats(seat);
  $('hand').hidden = !seat;
  const isDrawing = Boolean(seat && own?.discard && me.here && table.acting === seat.number);
  drawOwn(seat ? own?.cards ?? [] : [], isDrawing);
  $('asked').textContent = turn ? 'It is your turn' : isDrawing ? 'Choose cards to change' : '';
  $('acts').hidden = !turn;
  $('seated').hidden = !seat || !me.here;
  $('sitOut').hidden = seat?.state === 'sittingOut';
  $('comeBack').hidden = seat?.state !== 'sittingOut';
  $('buying').hidden = !me?.here || !table || seat !== undefined;
  if (table && !$('buyIn').value) $('buyIn').value = Math.min(20 * table.high, me?.balance ?? Infinity) / 100;
  if (turn) drawActs(turn, seat);
}

function drawOwn(cards, isDrawing) {
  for (const card of away) if (!isDrawing || !cards.includes(card)) away.delete(card);
  $('own').replaceChildren(...cards.map((card) => {
    if (!isDrawing) return cardOf(card);
    const its = element('button', `${cardOf(card).className}${away.has(card) ? ' away' : ''}`, pretty(card));
    its.ariaPressed = away.has(card);
    its.onclick = () => {
      if (!away.delete(card)) away.add(card);
      drawOwn(cards, isDrawing);
    };
    return its;
  }));
  $('discard').hidden = !isDrawing;
  $('discard').textContent = away.size ? `Change ${away.size}` : 'Keep all';
  $('discard').onclick = () => act('discard', { cards: [...away] });
}

function drawActs(turn, { stack }) {
  const call = Math.min(turn.call, stack);
  const left = stack - call;
  const least = Math.min(turn.raiseMin, left);
  const most = Math.min(turn.raiseMax, left);
  const isBlind = turn.raiseMax === 0;
  $('call').textContent = call === 0 ? 'Check' : `${isBlind ? 'Post' : 'Call'} ${units(call)}`;
  $('call').onclick = () => act('call', { amount: call });
  $('fold').textContent = isBlind ? 'Sit out' : 'Fold';
  $('raise').hidden = most <= 0;
  $('raising').hidden = most <= least;
  $('raise').textContent = least === most ? `Raise by ${units(least)}` : 'Raise';
  const by = $('by');
  if (by.dataset.of !== `${table.hand} ${own.last}`) {
    by.dataset.of = `${table.hand} ${own.last}`;
    by.min = least / 100;
    by.max = most / 100;
    by.value = least / 100;
  }
  $('raise').onclick = () => act('raise', { amount: least === most ? least : Math.round(by.value * 100) });
}

async function act(what, how = {}) {
  actedAt = own.last;
  own = unasked(own);
  draw();
  if (await say(what, { game, ...how }) === undefined) {
    actedAt = 0;
    mine();
  }
}

function drawSeats(mySeat) {
  const all = [];
  for (let number = 1; table && number <= table.size; number++) {
    const its = table.seats.find((each) => each.number === number);
    const box = element('div', `seat ${its?.state ?? 'empty'}${table.acting === number ? ' acting' : ''}${its && its === mySeat ? ' mine' : ''}`);
    box.dataset.seat = number;
    if (its) {
      const isInHand = table.pot > 0 && ['playing', 'allIn'].includes(its.state);
      box.append(
        element('span', 'who', `${number} ${nicks.get(its.player) ?? ''}${table.button === number ? ' (dealer)' : ''}`),
        element('span', 'stack', units(its.stack)),
        element('span', 'what', [{ folded: 'folded', allIn: 'all in', sittingOut: 'sits out', makingUp: 'waits' }[its.state], its.bet ? `bets ${units(its.bet)}` : ''].filter(Boolean).join(', ')));
      const cards = element('div', 'cards');
      for (let i = 0; isInHand && i < (isDraw() ? 5 : 2); i++) cards.append(element('span', 'card back'));
      box.append(cards);
    } else {
      box.append(element('span', 'who', `${number} free`));
      if (me?.here && !mySeat) {
        const sit = element('button', 'sit', 'Sit here');
        sit.onclick = () => say('sit', { game, seat: number, buyIn: Math.round($('buyIn').value * 100) });
        box.append(sit);
      }
    }
    all.push(box);
  }
  $('seats').replaceChildren(...all);
}

// ---- What is pressed

$('login').onsubmit = (event) => {
  event.preventDefault();
  news('');
  const { nick, password } = event.target.elements;
  login(nick.value, password.value);
  password.value = '';
  draw();
};
$('here').onclick = async () => {
  me = (await say('enter', {})) ?? me;
  mine();
  draw();
};
$('quit').onclick = async () => {
  await say('quit', {});
  user?.close();
};
$('back').onclick = () => {
  if (me && !table?.seats.some(({ player }) => player === me.player)) say('unwatch', { game });
  game = 0;
  lobby();
  draw();
};
$('acts').onsubmit = (event) => event.preventDefault();
$('fold').onclick = () => act('fold');
for (const what of ['leave', 'sitOut', 'comeBack']) {
  $(what).onclick = async () => { await say(what, { game }); look(); };
}
$('chat').onsubmit = async (event) => {
  event.preventDefault();
  const { text } = event.target.elements;
  if (text.value.trim() && (await say('chat', { game, text: text.value })) !== undefined) text.value = '';
};

// A visitor hears nothing, and the lobby tells nothing: they look again.
setInterval(() => {
  if (game && !me) {
    look();
    past();
  }
}, 1000);
setInterval(() => {
  if (!game) lobby();
}, 2000);
if (asked.has('game')) open(Number(asked.get('game')));
else lobby();
draw();
