// SPDX-License-Identifier: MIT
// Servers of streams against each other, from one seed: how soon after a magnet the first byte of the film is there, and how
// soon after a jump.  The daemon runs already; the others are started here, one at a time is asked something.
//
//   rivals.mjs URL TOKEN FOLDER MIB <FILMS   FILMS: "HASH TORRENT TRACKER" each; prints "NAME FIRST_MS JUMP_MS MB"
//   rivals.mjs serve NAME                what it starts: "MAGNET FOLDER" a line, answered with an address
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createInterface } from 'node:readline';

const places = [0.8, 0.1, 0.6, 0.3, 0.9, 0.5, 0.7, 0.2];
const readAtOnce = 4 << 20;

async function webtorrent() {
  const { default: WebTorrent } = await import('webtorrent');
  const client = new WebTorrent({ dht: false, lsd: false, natUpnp: false, natPmp: false, utp: false });
  const server = client.createServer({ hostname: '127.0.0.1' });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.server.address();
  // Without deselect it fetches everything, and its jumps take ten times as long.
  return (magnet, path) => new Promise((done) => {
    client.add(magnet, { path, deselect: true }, (torrent) => done({
      url: `http://127.0.0.1:${port}${torrent.files[0].streamURL}`,
      drop: () => new Promise((gone) => client.remove(torrent, {}, gone)),
    }));
  });
}

async function peerflix() {
  const { default: start } = await import('peerflix');
  return (magnet, path) => new Promise((done) => {
    const engine = start(magnet, { path, tmp: path, dht: false, hostname: '127.0.0.1' });
    engine.server.on('listening', () => done({
      url: `http://127.0.0.1:${engine.server.address().port}/0`,
      drop: () => new Promise((gone) => engine.destroy(() => engine.server.close(gone))),
    }));
  });
}

async function serve(name) {
  const add = await { webtorrent, peerflix }[name]();
  let film;
  console.log('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'drop') {
      await film.drop();
      console.log('dropped');
    } else {
      film = await add(...line.split(' '));
      console.log(film.url);
    }
  }
  process.exit(0);
}

class Rival {
  constructor(name, folder) {
    this.name = name;
    this.folder = folder;
    this.child = spawn(process.execPath, [process.argv[1], 'serve', name], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.headers = {};
  }
  async ask(line) {
    if (line) this.child.stdin.write(`${line}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.name} ended`);
    return value;
  }
  add({ magnet, hash }) {
    return this.ask(`${magnet} ${this.folder}/${this.name}-${hash}`);
  }
  drop() {
    return this.ask('drop');
  }
  // The most it ever had.
  memory() {
    return parseInt(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))[1]) / 1024;
  }
}

class Daemon {
  constructor(url, token) {
    this.name = 'miauflixd';
    this.url = url;
    this.headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  }
  async add({ magnet, hash }) {
    const { headers } = this;
    const asked = { method: 'POST', headers, body: JSON.stringify({ magnet }) };
    let answer = await fetch(`${this.url}/api/torrents`, asked);
    while (answer.status !== 200) {
      if (answer.status !== 202 && answer.status !== 404) throw new Error(await answer.text());
      await new Promise((done) => setTimeout(done, 1));
      answer = await fetch(`${this.url}/api/torrents/${hash}`, { headers });
    }
    await answer.arrayBuffer();
    return `${this.url}/api/torrents/${hash}/files/0/stream`;
  }
  async drop() {}
  memory() {
    return 0; // whoever started it knows
  }
}

// Milliseconds until the first byte behind `from`; then as a player does some are taken, and it is gone.
function jump({ headers }, url, from) {
  return new Promise((done, failed) => {
    const begun = performance.now();
    let first = 0;
    let n = 0;
    const request = http.get(url, { agent: false, headers: { ...headers, Range: `bytes=${from}-` } }, (answer) => {
      if (answer.statusCode !== 206) failed(new Error(`${url} answers ${answer.statusCode}`));
      answer.on('error', () => {});
      answer.on('data', (bytes) => {
        first ||= performance.now() - begun;
        n += bytes.length;
        if (n < readAtOnce) return;
        request.destroy();
        done(first);
      });
    });
    request.on('error', (error) => first || failed(error));
    request.setTimeout(20000, () => failed(new Error(`${url} stands still`)));
  });
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function play(server, film, size, times) {
  const begun = performance.now();
  const url = await server.add(film);
  const known = performance.now() - begun;
  const first = await jump(server, url, 0);
  times.known.push(known);
  times.first.push(known + first);
  for (const place of places) {
    await pause(50);
    times.jumps.push(await jump(server, url, Math.floor(place * size)));
  }
  await server.drop();
  await pause(300); // what is under way comes to its end
}

async function compare(url, token, folder, size) {
  const servers = [new Daemon(url, token), new Rival('webtorrent', folder), new Rival('peerflix', folder)];
  const films = readFileSync(0, 'utf8').trim().split('\n').map((line) => line.split(' '));
  const times = new Map(servers.map((server) => [server, { known: [], first: [], jumps: [] }]));

  for (const rival of servers.slice(1)) await rival.ask();
  for (const [hash, , tracker] of films) {
    const film = { hash, magnet: `magnet:?xt=urn:btih:${hash}&tr=${encodeURIComponent(tracker)}` };
    for (const server of servers) await play(server, film, size, times.get(server));
  }
  for (const server of servers) {
    const { known, first, jumps } = times.get(server);
    console.error(`# ${server.name}: known ${known.map(Math.round)}; first ${first.map(Math.round)}; jumps ${jumps.map(Math.round)}`);
    console.log(server.name, median(first).toFixed(1), median(jumps).toFixed(1), server.memory().toFixed(0));
  }
  process.exit(0);
}

const [what, ...rest] = process.argv.slice(2);
setTimeout(() => process.exit(1), 90000).unref();
if (what === 'serve') await serve(rest[0]);
else await compare(what, rest[0], rest[1], Number(rest[2]) * 1048576);
