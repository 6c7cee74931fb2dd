import { parseMediaList } from '../../src/evaluation/manifest.js';
import { selectItems } from '../../src/evaluation/selection.js';
import { createSeenCheck } from '../../src/evaluation/seen.js';
import { loadModel } from '../../src/inference/model-manifest.js';
import { fileURLToPath } from 'node:url';

const FOLDER = '/media';

describe('a list of media', () => {
  it('is read with its usual column names, quotes and other labels', () => {
    const list = parseMediaList(
      'file,label,source_repo,generator_or_camera,category,trained_on\n' +
        '"a, b.png",Fake,s1,"FLUX ""dev""",scene,m1;m2\n' +
        'c.jpg,genuine,s2,,phone,\n' +
        'd.jpg,test-only,s2,,phone,\n',
      FOLDER,
    );
    expect(list.leftOut).toEqual({ 'test-only': 1 });
    expect(list.items).toEqual([
      {
        file: 'a, b.png',
        path: '/media/a, b.png',
        isFake: true,
        source: 's1',
        generator: 'FLUX "dev"',
        category: 'scene',
        fold: '',
        trainedOn: ['m1', 'm2'],
      },
      expect.objectContaining({ file: 'c.jpg', isFake: false, source: 's2', trainedOn: [] }),
    ]);
  });

  it('takes columns under other names when told', () => {
    const text = 'path,truth,origin\na.png,real,x\n';
    const list = parseMediaList(text, FOLDER, { file: 'path', label: 'truth', source: 'origin' });
    expect(list.items[0]).toMatchObject({ file: 'a.png', isFake: false, source: 'x' });
  });

  it.each([
    ['file,source\na.png,s\n', /Expected a column "label" but the list has file, source/],
    ['file,label\n../secret.png,real\n', /row 2 to name a file inside \/media/],
    ['file,label\n/etc/passwd,real\n', /row 2 to name a file inside \/media/],
    ['file,label\na.png,unsure\n', /Expected rows labelled/],
    ['file,label\n"a.png,real\n', /Expected a CSV list but row/],
  ])('refuses %j', (text, message) => {
    expect(() => parseMediaList(text, FOLDER)).toThrow(message);
  });
});

describe('a selection', () => {
  const rows = Array.from({ length: 90 }, (_, i) => `big${i}.png,fake,big`);
  const { items } = parseMediaList(
    ['file,label,source', ...rows, 'x.png,fake,small', 'y.png,real,r', 'z.png,real,r'].join('\n'),
    FOLDER,
  );

  it('is even over sources and classes as far as they reach', () => {
    const sources = selectItems(items, 8, 1).map(({ source }) => source);
    expect(sources.filter((source) => source === 'small')).toHaveLength(1);
    expect(sources.filter((source) => source === 'r')).toHaveLength(2);
    expect(sources.filter((source) => source === 'big')).toHaveLength(5);
  });

  it('is repeated by the seed, changed by another, and grows with the limit', () => {
    const names = (limit: number, seed: number): string[] =>
      selectItems(items, limit, seed).map(({ file }) => file);
    expect(names(10, 1)).toEqual(names(10, 1));
    expect(names(10, 1)).not.toEqual(names(10, 2));
    expect(names(20, 1)).toEqual(expect.arrayContaining(names(10, 1)));
  });
});

describe('what a model has seen', () => {
  it('follows from its manifest, from the fold and from the list', async () => {
    const shipped = await loadModel(
      fileURLToPath(new URL('../../models/image-generated', import.meta.url)),
    );
    const model = {
      ...shipped,
      manifest: {
        ...shipped.manifest,
        id: 'mine',
        training: { data: [{ source: 's1' }, { source: 's2', trainedOn: false }], folds: ['2'] },
      },
    };
    const hasSeen = createSeenCheck([model]);
    const { items } = parseMediaList(
      'file,label,source,fold,trainedOn\na,real,s1,,\nb,real,s2,,\nc,real,s3,2,\nd,real,s3,1,mine\ne,real,s3,1,other\n',
      FOLDER,
    );
    expect(items.map((item) => hasSeen('mine', item))).toEqual([true, false, true, true, false]);
    expect(items.map((item) => hasSeen('pipeline', item))).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
    expect(items.map((item) => hasSeen('other', item))).toEqual([false, false, false, false, true]);
  });
});
