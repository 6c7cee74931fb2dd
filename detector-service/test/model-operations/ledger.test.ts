/** The ledger of models is worth something only if no shipped version is missing from it. */
import { readdirSync, readFileSync } from 'node:fs';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

it('names every shipped model in its present version', () => {
  const models = readdirSync(new URL('../../models', import.meta.url));
  const shipped = models.map((folder) => {
    const { id, version } = JSON.parse(read(`../../models/${folder}/manifest.json`)) as {
      id: string;
      version: string;
    };
    return `\`${id}\` ${version}`;
  });
  const ledger = read('../../../docs/model-operations.md').split('## Upkeep ledger')[1] ?? '';
  expect(shipped.length).toBeGreaterThan(0);
  expect(shipped.filter((name) => !ledger.includes(`| ${name} `))).toEqual([]);
});
