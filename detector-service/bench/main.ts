import { benchHostile } from './hostile.js';
import { benchImages } from './images.js';
import { benchProvenance } from './provenance.js';
import { benchSpeed } from './speed.js';

const BENCHES: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  provenance: benchProvenance,
  hostile: benchHostile,
  images: benchImages,
  speed: benchSpeed,
};

const [name = '', folder = ''] = process.argv.slice(2);
const bench = BENCHES[name];
if (!bench || (name !== 'speed' && folder === '')) {
  process.stderr.write(
    `Expected one of ${Object.keys(BENCHES).join(', ')} and, except for speed, a data folder, but received "${name} ${folder}"; for example: npm run bench -- provenance ./data/provenance\n`,
  );
  process.exitCode = 2;
} else {
  await bench(folder);
}
