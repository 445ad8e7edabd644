// SPDX-License-Identifier: MIT
// webtorrent.mjs MAGNET-OR-TORRENT FOLDER: fetches what is missing there and seeds what is there.
import WebTorrent from 'webtorrent';

const [what, path] = process.argv.slice(2);
const client = new WebTorrent({ dht: false, lsd: false, natUpnp: false, natPmp: false, utp: false });
client.on('error', (error) => {
  console.error(error);
  process.exit(1);
});
client.add(what, { path }, (torrent) => {
  console.log(`has ${torrent.progress} of ${torrent.name}`);
  torrent.on('done', () => console.log('has it whole'));
});
setTimeout(() => process.exit(1), 120000).unref();
