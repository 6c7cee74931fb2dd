import { rmSync } from 'node:fs';
import { writeProject } from '../support/small-org.js';
import { usedModules } from '../../src/lightning/build/used-modules.js';

describe('the base components that sources use', () => {
  it('finds tags and imports, and leaves tests out', () => {
    const folder = writeProject({
      'lwc/one/one.html':
        '<template><lightning-formatted-date-time></lightning-formatted-date-time></template>',
      'lwc/one/one.js': `import { api } from 'lwc'; const late = () => import('lightning/confirm');`,
      'lwc/one/__tests__/one.test.js': `import x from 'lightning/toast';`,
    });

    expect(usedModules([folder])).toEqual([
      'lightning/confirm',
      'lightning/formattedDateTime',
      'lwc',
    ]);
    rmSync(folder, { recursive: true, force: true });
  });
});
