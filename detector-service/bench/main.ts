import { benchAudioCopies } from './audio-copies.js';
import { benchCopies } from './copies.js';
import { benchDocuments } from './documents.js';
import { benchOverload } from './endurance/overload.js';
import { benchSoak } from './endurance/soak.js';
import { benchStorm } from './endurance/storm.js';
import { benchFaces } from './faces.js';
import { benchHostile } from './hostile.js';
import { benchIdentityPrint } from './identity-print.js';
import { benchIdentity } from './identity.js';
import { benchImages } from './images.js';
import { benchLoad } from './load/main.js';
import { benchProvenance } from './provenance.js';
import { benchQueue } from './queue.js';
import { benchRecapture } from './recapture.js';
import { benchVideo } from './video.js';
import { benchVoices } from './voices.js';

/** These need a folder of media. */
const ON_DATA: Readonly<
  Record<string, (folder: string, options: readonly string[]) => Promise<void>>
> = {
  provenance: benchProvenance,
  documents: benchDocuments,
  hostile: benchHostile,
  copies: (folder) => benchCopies(folder),
  identity: benchIdentity,
  images: benchImages,
  recapture: benchRecapture,
  faces: benchFaces,
  video: benchVideo,
  'audio-copies': (folder) => benchAudioCopies(folder),
};
/** These make their own media. */
const SELF_CONTAINED: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  load: benchLoad,
  voices: benchVoices,
  'identity-print': (args) => benchIdentityPrint(args.map(Number)),
  queue: benchQueue,
  overload: benchOverload,
  storm: benchStorm,
  soak: benchSoak,
};

const [name = 'load', ...args] = process.argv.slice(2);
const [folder, ...options] = args;
const onData = ON_DATA[name];
const selfContained = SELF_CONTAINED[name];
if (selfContained) await selfContained(args);
else if (onData && folder) await onData(folder, options);
else {
  process.stderr.write(
    `Expected ${Object.keys(SELF_CONTAINED).join(' or ')}, or one of ${Object.keys(ON_DATA).join(', ')} and a data folder, but received "${[name, ...args].join(' ')}"; for example: npm run bench -- provenance ./data/provenance\n`,
  );
  process.exitCode = 2;
}
