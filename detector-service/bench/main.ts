import { benchAudioCopies } from './audio-copies.js';
import { benchCopies } from './copies.js';
import { benchDocuments } from './documents.js';
import { benchHostile } from './hostile.js';
import { benchHttp } from './http.js';
import { benchIdentity } from './identity.js';
import { benchImages } from './images.js';
import { benchProvenance } from './provenance.js';
import { benchQueue } from './queue.js';
import { benchSpeed } from './speed.js';
import { benchVoices } from './voices.js';

const BENCHES: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  provenance: benchProvenance,
  documents: benchDocuments,
  hostile: benchHostile,
  copies: benchCopies,
  identity: benchIdentity,
  images: benchImages,
  'audio-copies': benchAudioCopies,
  speed: benchSpeed,
  voices: benchVoices,
  http: benchHttp,
  queue: benchQueue,
};
/** These make their own media. */
const SELF_CONTAINED = ['speed', 'voices', 'http', 'queue'];

const [name = 'http', folder = ''] = process.argv.slice(2);
const bench = BENCHES[name];
if (!bench || (!SELF_CONTAINED.includes(name) && folder === '')) {
  process.stderr.write(
    `Expected one of ${Object.keys(BENCHES).join(', ')} and, except for ${SELF_CONTAINED.join(' and ')}, a data folder, but received "${name} ${folder}"; for example: npm run bench -- provenance ./data/provenance\n`,
  );
  process.exitCode = 2;
} else {
  await bench(folder);
}
